import Protocol

/// `repair`: says what it would do and what that may cost, and does it once that is accepted.
///
/// Before anything is begun every node that is not out of the ring must have answered, and know the same
/// configurations: a later one that some node knows would be outdone by the repair. So who is away is to come
/// back first, or to be forgotten.
extension RingNode {
    private static let patience = Duration.seconds(2)
    private static let shownMax = 20

    func inquire(token: UInt64, isAccepted: Bool) {
        guard membership != nil else { return onAdministered(token, .refused("this node is in no ring yet")) }
        let number = (inquiries.map(\.number).max() ?? 0) + 1
        let others = ring.records.filter { $0.status != .gone && $0.node != me }.map(\.node)
        inquiries.append(
            RepairInquiry(
                number: number, token: token, isAccepted: isAccepted, deadline: now + RingNode.patience,
                awaited: others, reports: [me: repairReport()]))
        for node in others { send(.repairQuery(number: number), to: node) }
        if others.isEmpty { expireInquiries() }
    }

    func repairReport() -> RepairReport { replicator.repairReport() }

    func take(_ report: RepairReport, from node: NodeID, number: UInt64) {
        guard let index = inquiries.firstIndex(where: { $0.number == number }),
            inquiries[index].awaited.contains(node)
        else { return }
        inquiries[index].awaited.removeAll { $0 == node }
        inquiries[index].reports[node] = report
        if inquiries[index].awaited.isEmpty { expireInquiries() }
    }

    /// Every tick, and when the last one has answered.
    func expireInquiries() {
        guard !inquiries.isEmpty else { return }
        let finished = inquiries.filter { $0.awaited.isEmpty || now >= $0.deadline }
        inquiries.removeAll { $0.awaited.isEmpty || now >= $0.deadline }
        for inquiry in finished { onAdministered(inquiry.token, answer(to: inquiry)) }
    }

    private func answer(to inquiry: RepairInquiry) -> AdministrationAnswer {
        let nodes = inquiry.reports.keys.sorted()
        let slots = Set(nodes.flatMap { node in
            (inquiry.reports[node]?.copies ?? []).map { SlotEpoch(slot: $0.slot, epoch: $0.epoch) }
        }).sorted { ($0.slot, $0.epoch) < ($1.slot, $1.epoch) }
        guard !slots.isEmpty else {
            return .done("no slot of the nodes that answered has lost its majority" + silence(of: inquiry.awaited))
        }
        let lines = slots.map { describe($0, inquiry) }
        var text = lines.prefix(RingNode.shownMax).joined(separator: "\n")
        if lines.count > RingNode.shownMax { text += "\nand \(lines.count - RingNode.shownMax) slots more" }
        guard inquiry.isAccepted else { return .done(text + "\n" + warning(inquiry)) }
        if let obstacle = obstacle(inquiry) { return .refused(obstacle) }
        for node in linkedNodes { send(.repair(slots), to: node) }
        replicator.onRepair(slots)
        host.note(.warning("an operator accepts what is lost in \(slots.count) slots, which go on without"))
        return .done("\(text)\n\(slots.count) slots begin anew from these copies; STATUS shows what still waits")
    }

    private func silence(of awaited: [NodeID]) -> String {
        awaited.isEmpty ? "" : "; no answer from \(awaited.map(\.text).joined(separator: ", "))"
    }

    private func warning(_ inquiry: RepairInquiry) -> String {
        "REPAIR -accept-loss begins these slots anew from the most advanced of these copies. What only lost members "
            + "had is lost for ever, acknowledged writes included; they can never count again"
            + (obstacle(inquiry).map { ". Not yet: \($0)" } ?? "")
    }

    private func obstacle(_ inquiry: RepairInquiry) -> String? {
        guard inquiry.awaited.isEmpty else {
            let silent = inquiry.awaited.map(\.text).joined(separator: ", ")
            return "no answer from \(silent), which may know more: start it again, or forget it"
        }
        let digests = inquiry.reports[me]?.digests
        let differing = inquiry.reports.keys.sorted().filter { inquiry.reports[$0]?.digests != digests }
        guard differing.isEmpty else { return "slots are changing hands; try again in a second" }
        return nil
    }

    private func describe(_ item: SlotEpoch, _ inquiry: RepairInquiry) -> String {
        let copies = inquiry.reports.keys.sorted().compactMap { node -> String? in
            let copies = inquiry.reports[node]?.copies ?? []
            guard let copy = copies.first(where: { $0.slot == item.slot && $0.epoch == item.epoch }) else { return nil }
            return "\(node) has \(copy.isComplete ? "all" : "a part") up to \(copy.position)"
        }
        let members = replicator.configuration(of: item.slot)?.members ?? []
        let lost = members.filter(isLost).map(\.node.text).joined(separator: ", ")
        return "slot \(item.slot): lost \(lost); \(copies.joined(separator: ", "))"
    }
}
