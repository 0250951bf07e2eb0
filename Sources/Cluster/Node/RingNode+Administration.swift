import Protocol

/// What operators ask for: `forget` and `repair`.
extension RingNode {
    /// One command in words, such as `FORGET server3`; `onAdministered` hears what it came to, once.
    package func administer(_ text: String, token: UInt64) {
        let words = text.split(separator: " ").map(String.init)
        if words.first?.uppercased() == "REPAIR", let word = RepairWord(Array(words.dropFirst())) {
            return inquire(token: token, word)
        }
        switch (words.first?.uppercased(), words.dropFirst().map { $0.lowercased() }) {
        case ("FORGET", let rest) where rest.count == 1 || rest.dropFirst() == ["-even-if-alive"]:
            onAdministered(token, forget(named: words[1], evenIfAlive: rest.count == 2))
        default:
            let known = "FORGET id or REPAIR [-accept-loss|-accept-incomplete|-take id]"
            onAdministered(token, .refused("unknown command; it is \(known)"))
        }
    }

    private func forget(named name: String, evenIfAlive: Bool) -> AdministrationAnswer {
        guard let membership else { return .refused("this node is in no ring yet") }
        guard let id = NodeID(name), let record = ring.record(of: id) else {
            return .refused("there is no node \(name) in this ring")
        }
        guard id != me else { return .refused("a node does not forget itself; have it leave (SIGINT)") }
        if record.status == .gone { return .done("\(name) is out of the ring for ever already") }
        let liveness = membership.liveness(of: id) ?? .dead
        guard liveness == .dead || evenIfAlive else {
            return .refused(
                "\(name) is \(liveness.name); have it leave (SIGINT), or end it and wait until it is dead. "
                    + "FORGET \(name) -even-if-alive ends it and gives up its disk")
        }
        forget(id)
        guard ring.record(of: id)?.status == .gone else { return .refused("\(name) cannot be forgotten") }
        host.note(.warning("node \(name) is out of the ring for ever: an operator had it forgotten"))
        let lost = replicator.slotsWithoutMajority
        let words = "\(name) is out of the ring for ever, with the disk that it has"
        return .done(lost == 0 ? words : "\(words); \(lost) slots known here have lost their majority: see REPAIR")
    }
}
