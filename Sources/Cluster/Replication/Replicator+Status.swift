import Protocol

extension Replicator {
    /// What STATUS shows of this node.
    package func status() -> NodeStatus {
        var walk = beginStatusWalk()
        goOn(with: &walk, slotsMax: Slot.count)
        return status(after: walk)
    }

    /// Slots that may wait for something are those that changed of late, and those of primaries that are silent.
    func beginStatusWalk() -> StatusWalk {
        var restless = census.unsettled
        for primary in led.primaries where suspicions[primary] != nil { restless.formUnion(led.slots(of: primary)) }
        return StatusWalk(restless)
    }

    /// Looks at the next slots of the walk, at most so many.
    func goOn(with walk: inout StatusWalk, slotsMax: Int) {
        for _ in 0..<slotsMax {
            guard let slot = walk.next() else { return }
            let replica = replica(slot)
            noteRest(of: replica)
            if let (what, why) = waiting(for: replica) { walk.note(slot, what, why) }
        }
    }

    func status(after walk: StatusWalk) -> NodeStatus {
        let counts = census.counts
        return NodeStatus(
            targets: UInt32(targets.placesHeld(by: me.node)), holds: UInt32(clamping: counts.held),
            leads: UInt32(clamping: counts.open), keys: counts.keys, keysLed: counts.keysLed, bytes: counts.bytes,
            waiting: waiting(walk.waiting))
    }

    /// Notes where a slot has come to rest.
    func noteRest(of replica: Replica) {
        guard census.unsettled.contains(replica.slot), isAtRest(replica) else { return }
        census.unsettled.remove(replica.slot)
    }

    /// Whether this node holds, completely, every one of `slots` that it should hold: then it is ready.
    package func holdsItsTargets(of slots: some Sequence<Slot>) -> Bool {
        slots.allSatisfy { slot in
            guard configured.contains(slot) else { return false }
            guard census.unsettled.contains(slot) else { return true }
            let replica = replica(slot)
            return !targets[replica.slot].contains(me) || (replica.isMember(me) && replica.isComplete)
        }
    }

    /// Whether slots that this node leads, or led before it started, are still to be opened and can be now:
    /// a majority of their members is there.
    package var isOpening: Bool {
        guard census.counts.mayOpen > 0 else { return false }
        return census.unsettled.contains { slot in
            let replica = replica(slot)
            guard replica.mustReopen || replica.leadership?.phase == .opening,
                let configuration = replica.configuration
            else { return false }
            return configuration.members.count(where: isReachable) >= configuration.majority
        }
    }

    /// Slots of which this node holds data, or else is a member: 0 once it has left.
    package var slotsHeld: Int {
        census.counts.held > 0 ? census.counts.held : configuredReplicas.count { $0.isMember(me) }
    }

    /// Slots that this node leads.
    package var slotsLed: Int { census.counts.led }

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

    /// Whether nothing waits here for that slot, but for word of its primary: as with nearly all slots nearly always.
    func isAtRest(_ replica: Replica) -> Bool {
        guard let configuration = replica.configuration, replica.pull == nil, !replica.isUnsound, !replica.hasGap,
            replica.parkedAccept == nil, !replica.isSealed, !replica.mustReopen
        else { return false }
        guard replica.isMember(me) else {
            return replica.holding == .nothing && !targets.places(replica.slot, at: me.node)
        }
        guard replica.isComplete, !replica.isDisputed, targets.areMet(in: replica.slot, by: configuration.members)
        else { return false }
        guard let leadership = replica.leadership else { return true }
        return leadership.phase == .open && leadership.heardSealed == nil && targets.first(of: replica.slot) == me
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
