import Protocol

extension Replicator {
    /// What STATUS shows of this node.
    package func status() -> NodeStatus {
        var holds: UInt32 = 0
        var leads: UInt32 = 0
        var keys: UInt64 = 0
        var bytes: UInt64 = 0
        for replica in configuredReplicas {
            if replica.holding != .nothing { holds += 1 }
            if replica.leadership?.phase == .open { leads += 1 }
            keys += replica.keys
            bytes += replica.bytes
        }
        return NodeStatus(
            targets: UInt32(targets.placesHeld(by: me.node)), holds: holds, leads: leads, keys: keys,
            bytes: bytes, waiting: waiting())
    }

    /// Whether this node holds, completely, every one of `slots` that it should hold: then it is ready.
    package func holdsItsTargets(of slots: some Sequence<Slot>) -> Bool {
        slots.allSatisfy { slot in
            let replica = replica(slot)
            guard replica.configuration != nil else { return false }
            return !targets[replica.slot].contains(me) || (replica.isMember(me) && replica.isComplete)
        }
    }

    /// Whether slots that this node leads, or led before it started, are still to be opened and can be now:
    /// a majority of their members is there.
    package var isOpening: Bool {
        configuredReplicas.contains { replica in
            guard replica.mustReopen || replica.leadership?.phase == .opening,
                let configuration = replica.configuration
            else { return false }
            return configuration.members.count(where: isReachable) >= configuration.majority
        }
    }

    /// Slots of which this node is a member or holds data: 0 once it has left.
    package var slotsHeld: Int {
        configuredReplicas.count { $0.holding != .nothing || $0.isMember(me) }
    }

    /// Slots that this node leads.
    package var slotsLed: Int { configuredReplicas.count { $0.leadership != nil } }

    /// What has not happened yet and why, the same things counted together.
    private func waiting() -> [NodeStatus.Waiting] {
        var counts: [String: [String: Int]] = [:]
        let unknown = Slot.count - configured.count
        if unknown > 0 { counts["configuration"] = ["word from a peer": unknown] }
        for replica in configuredReplicas {
            guard let (what, why) = reason(of: replica) else { continue }
            counts[what, default: [:]][why, default: 0] += 1
        }
        return counts.keys.sorted().flatMap { what in
            (counts[what] ?? [:]).sorted { $0.key < $1.key }.map { why, count in
                let slots = count == 1 ? "1 slot" : "\(count) slots"
                return NodeStatus.Waiting(what: "\(what) of \(slots)", waitingFor: why)
            }
        }
    }

    private func reason(of replica: Replica) -> (what: String, why: String)? {
        guard let configuration = replica.configuration else { return nil }
        if let pull = replica.pull { return ("copy", "data from \(pull.source)") }
        if replica.isUnsound { return ("mending", "a sound copy at another member") }
        if wantsPull(replica) { return ("copy", pullReason(replica)) }
        let isMember = replica.isMember(me)
        if isSuperfluous(replica) {
            return ("drop", "all new members to be complete, by word of \(configuration.primary)")
        }
        guard isMember else {
            return targets[replica.slot].contains(me) ? ("copy", "an invitation by \(configuration.primary)") : nil
        }
        if replica.isSealed || replica.mustReopen {
            return ("new epoch", "a majority of \(names(configuration.members))")
        }
        guard let leadership = replica.leadership else { return nil }
        switch leadership.phase {
        case .opening: return ("opening", "a majority of \(names(configuration.members)) to be complete")
        case .closing(let next, _): return ("hand-over", "\(names(next)) to have every write")
        case .open: return learnerReason(replica)
        }
    }

    private func pullReason(_ replica: Replica) -> String {
        pullsUnderWay >= settings.pullsMax ? "other copies to finish" : "a node that has the data"
    }

    private func learnerReason(_ replica: Replica) -> (what: String, why: String)? {
        let missing = targets[replica.slot].filter { !replica.isMember($0) }
        return missing.isEmpty ? nil : ("growth", "\(names(missing)) to have a copy")
    }

    private func names(_ members: [Member]) -> String {
        members.map(\.node.text).joined(separator: ", ")
    }
}
