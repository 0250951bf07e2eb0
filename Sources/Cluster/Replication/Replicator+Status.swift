import Protocol

extension Replicator {
    /// What STATUS shows of this node.
    package func status() -> NodeStatus {
        var holds: UInt32 = 0
        var leads: UInt32 = 0
        var keys: UInt64 = 0
        var keysLed: UInt64 = 0
        var bytes: UInt64 = 0
        var slots: [String: [String: [Slot]]] = [:]
        for replica in configuredReplicas {
            if replica.holding != .nothing { holds += 1 }
            if replica.leadership?.phase == .open { leads += 1 }
            if replica.leadership != nil { keysLed += replica.keys }
            keys += replica.keys
            bytes += replica.bytes
            if isAtRest(replica) { continue }
            guard let (what, why) = waiting(for: replica) else { continue }
            slots[what, default: [:]][why, default: []].append(replica.slot)
        }
        return NodeStatus(
            targets: UInt32(targets.placesHeld(by: me.node)), holds: holds, leads: leads, keys: keys,
            keysLed: keysLed, bytes: bytes, waiting: waiting(slots))
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
    private func waiting(_ slots: [String: [String: [Slot]]]) -> [NodeStatus.Waiting] {
        var waiting = slots.keys.sorted().flatMap { what in
            (slots[what] ?? [:]).sorted { $0.key < $1.key }.map { why, slots in
                NodeStatus.Waiting(what: "\(what) of \(words(slots))", waitingFor: why)
            }
        }
        let unknown = Slot.count - configured.count
        if unknown > 0 {
            waiting.append(.init(what: "configuration of \(unknown) slots", waitingFor: "word from a peer"))
        }
        return waiting
    }

    /// Whether plainly nothing waits, as with nearly all slots nearly always: said without many look-ups, since a
    /// status looks at all of them in one turn.
    func isAtRest(_ replica: Replica) -> Bool {
        guard let configuration = replica.configuration, replica.pull == nil, !replica.isUnsound, !replica.hasGap,
            replica.parkedAccept == nil, !replica.isSealed, !replica.mustReopen,
            targets.areMet(in: replica.slot, by: configuration.members)
        else { return false }
        guard replica.isMember(me) else { return replica.holding == .nothing }
        guard replica.isComplete, !replica.isDisputed else { return false }
        if let leadership = replica.leadership {
            return leadership.phase == .open && leadership.heardSealed == nil && targets[replica.slot].first == me
        }
        return suspicions.isEmpty || suspicions[configuration.primary] == nil
    }

    /// How many, and the first few of them.
    private func words(_ slots: [Slot]) -> String {
        let first = slots.prefix(3).map(\.description).joined(separator: ", ")
        if slots.count == 1 { return "1 slot (\(first))" }
        return "\(slots.count) slots (\(first)\(slots.count > 3 ? ", …" : ""))"
    }

    /// Slots of which no majority will ever be there again.
    package var slotsWithoutMajority: Int {
        configuredReplicas.count { $0.configuration.map(hasLostMajority) ?? false }
    }

    var itemsWithoutMajority: [SlotEpoch] {
        configuredReplicas.filter { $0.configuration.map(hasLostMajority) ?? false }
            .map { SlotEpoch(slot: $0.slot, epoch: $0.epoch) }
    }

    /// Why a majority of the slot does not answer, as far as it is known here; nil: it is not.
    func absence(in slot: Slot) -> String? {
        guard let configuration = configuration(of: slot) else {
            return "who has slot \(slot) is not known here yet"
        }
        let needsAll = configuration.members.count == 2 ? " (of two both are needed)" : ""
        let members = "members \(names(configuration.members))\(needsAll)"
        let lost = lostMembers(of: configuration)
        if hasLostMajority(configuration) {
            return "slot \(slot) lost its majority: \(members); \(names(lost)) lost for ever; see REPAIR"
        }
        let absent = configuration.members.filter { !isAlive($0) }
        guard !absent.isEmpty else { return nil }
        return "\(members); not heard from \(absent.map(silenceWords).joined(separator: ", "))"
    }

    private func silenceWords(_ member: Member) -> String {
        if isLost(member) { return "\(member.node) (lost for ever)" }
        let silence = now.since(peers[member.node]?.lastWord ?? startedAt).wholeMicroseconds / 1_000_000
        return "\(member.node) (\(silence) s)"
    }

    func names(_ members: [Member]) -> String {
        members.map(\.node.text).joined(separator: ", ")
    }
}
