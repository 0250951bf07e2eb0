import Protocol

/// `repair`: says what it would do and what that may cost, and does it once that is accepted.
///
/// Before anything is begun every node that is not out of the ring must have answered, and know the same
/// configurations: a later one that some node knows would be outdone by the repair. So who is away is to come
/// back first, or to be forgotten.
extension RingNode {
    private static let patience = Duration.seconds(2)
    private static let shownMax = 20

    func inquire(token: UInt64, _ word: RepairWord) {
        guard membership != nil else { return onAdministered(token, .refused("this node is in no ring yet")) }
        let number = (inquiries.map(\.number).max() ?? 0) + 1
        let others = ring.records.filter { $0.status != .gone && $0.node != me }.map(\.node)
        inquiries.append(
            RepairInquiry(
                number: number, token: token, word: word, deadline: now + RingNode.patience,
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
        let troubles = troubles(inquiry)
        guard !troubles.isEmpty else {
            return .done("no slot of the nodes that answered has lost its majority" + silence(of: inquiry.awaited))
        }
        let text = RingNode.shortened(troubles.map(\.words))
        guard inquiry.word != .ask else { return .done(([text] + advice(troubles, inquiry)).joined(separator: "\n")) }
        if let obstacle = obstacle(inquiry) { return .refused(obstacle) }
        let orders = troubles.compactMap { trouble in
            trouble.order(inquiry.word, fallback: replicator.targets[trouble.item.slot].first ?? settings.member)
        }
        guard !orders.isEmpty else {
            return .refused((["nothing was done:", text] + advice(troubles, inquiry)).joined(separator: "\n"))
        }
        for node in linkedNodes { send(.repair(orders), to: node) }
        replicator.onRepair(orders)
        host.note(.warning("an operator has \(orders.count) slots repaired: \(inquiry.word)"))
        let rest = troubles.count - orders.count
        let stays = rest == 0 ? "" : "; \(rest) slots stay as they are, REPAIR says why"
        return .done("\(text)\n\(orders.count) slots begin anew from these copies\(stays); STATUS shows what still waits")
    }

    /// All slots that cannot go on, by the word of all nodes.
    private func troubles(_ inquiry: RepairInquiry) -> [SlotTrouble] {
        var copies: [SlotEpoch: [(node: Member, copy: SlotCopy)]] = [:]
        for item in replicator.itemsWithoutMajority { copies[item] = [] }
        for node in inquiry.reports.keys.sorted() {
            guard let member = node == me ? settings.member : ring.record(of: node)?.member else { continue }
            for copy in inquiry.reports[node]?.copies ?? [] { copies[copy.item, default: []].append((member, copy)) }
        }
        let items = copies.keys.sorted { ($0.slot, $0.epoch) < ($1.slot, $1.epoch) }
        return items.compactMap { item in
            guard let configuration = replicator.configuration(of: item.slot), configuration.epoch == item.epoch else {
                return nil
            }
            let lost = configuration.members.filter(isLost)
            return SlotTrouble(item: item, configuration: configuration, lost: lost, copies: copies[item] ?? [])
        }
    }

    private static func shortened(_ lines: [String]) -> String {
        let text = lines.prefix(shownMax).joined(separator: "\n")
        return lines.count > shownMax ? text + "\nand \(lines.count - shownMax) slots more" : text
    }

    private func silence(of awaited: [NodeID]) -> String {
        awaited.isEmpty ? "" : "; no answer from \(awaited.map(\.text).joined(separator: ", "))"
    }

    /// What can be done, and what that costs.
    private func advice(_ troubles: [SlotTrouble], _ inquiry: RepairInquiry) -> [String] {
        var lines: [String] = []
        let lost = troubles.filter { $0.kind == .majorityLost }
        if lost.contains(where: \.hasCompleteCopy) {
            lines.append(
                "REPAIR -accept-loss begins these slots anew from the most advanced of these copies. What only lost "
                    + "members had is lost for ever, acknowledged writes included; they can never count again")
        }
        let incomplete = lost.count { !$0.hasCompleteCopy }
        if incomplete > 0 {
            lines.append(
                "\(incomplete) of them have no complete copy left: REPAIR -accept-incomplete begins them anew from the "
                    + "most advanced of what is left, as it is, or empty. It lacks writes that were acknowledged, and may be "
                    + "a mixture of states")
        }
        if troubles.contains(where: { $0.kind == .differs }) {
            lines.append(
                "Where copies differ they are counted anew first, which may settle it. Else REPAIR -take NODE makes all "
                    + "others equal to the copy of that node, and whatever only they had is lost")
        }
        if let obstacle = obstacle(inquiry) { lines.append("Not yet: \(obstacle)") }
        return lines
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
}
