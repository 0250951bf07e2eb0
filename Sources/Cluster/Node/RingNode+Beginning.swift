import Protocol

/// How a node comes to be of a ring: it founds one, its data folder names one, or one takes it in.
extension RingNode {
    /// Makes this the first node of the new ring `ring`. It counts for others once the store has made that
    /// durable.
    /// - Parameter slots: fewer than all only where a test wants a small ring.
    package func found(ring: RingID, slots: some Sequence<Slot> = Slot.all) {
        foundSlots(slots)
        begin(ring)
    }

    /// The first half of `found`: the slots. They are to be durable before the data folder names the ring: a
    /// folder that names a ring has them.
    package func foundSlots(_ slots: some Sequence<Slot> = Slot.all) {
        replicator.found(slots)
        replicator.endTurn()
    }

    /// The second half of `found`.
    package func begin(_ ring: RingID) {
        enter(ring, records: [])
        hasExchanged = true
    }

    /// Takes up what data folder and store remember of the ring that the folder names.
    /// - Throws: where the store cannot be read, or the node may not go on in this ring as it is.
    package func resume() throws(StoreError) {
        guard let ringID else { return }
        let memory = try RingMemory.load(from: store)
        if let memory { try checkMayResume(memory) }
        try replicator.restore()
        enter(ringID, records: memory?.records ?? [])
        hasExchanged =
            memory?.records.allSatisfy { $0.member == settings.member || $0.status == .gone } ?? true
    }

    private func checkMayResume(_ memory: RingMemory) throws(StoreError) {
        let own = memory.records.first { $0.node == me }
        if let own, own.status == .gone, own.member == settings.member {
            throw StoreError(
                "this node left the ring; start with an empty -data folder to join anew "
                    + "(data folder \(settings.place))")
        }
        guard memory.replicas == settings.replicas else {
            throw StoreError(
                "this ring keeps \(memory.replicas) replicas, you said \(settings.replicas): "
                    + "start with -replicas \(memory.replicas)")
        }
    }

    /// The first word of the ring to a node that joins it: all that it knows.
    func join(by exchange: RecordExchange, from node: NodeID) {
        guard phase == .joining, let joiningRing, !exchange.rumors.isEmpty else { return }
        enter(joiningRing, records: exchange.rumors.map(\.record))
        guard let membership else { return }
        membership.merge(exchange.rumors.filter { $0.node != me }, from: node, now: now)
        carryOutEffects()
        hasExchanged = true
        tellAll()
    }

    /// From now on this node is of `ringID`, whose `records` it has heard.
    private func enter(_ ringID: RingID, records: [RingRecord]) {
        let known = records.first { $0.node == me }
        guard raiseIncarnation(above: known?.incarnation ?? 0, in: ringID) else { return }
        let own = record(status: .active)
        let membership = Membership(
            record: own, ring: ringID, settings: settings.membership, seed: membershipSeed, now: now)
        self.membership = membership
        ring.merge(own)
        membership.merge(records.filter { $0.node != me }, now: now)
        isRingDirty = true
        phase = .catchingUp
        carryOutEffects()
        host.note(.info("node \(me) is in ring \(ringID) with \(ring.records.count - 1) other nodes"))
    }

    /// Counts one more start or refutation of this node, durably.
    /// - Returns: false where that was not possible; the node is over then.
    func raiseIncarnation(above known: UInt64, in ringID: RingID) -> Bool {
        let (next, isTooHigh) = max(incarnation, known).addingReportingOverflow(1)
        guard !isTooHigh else {
            end(failing: "incarnations of \(me) are used up; start with an empty -data folder")
            return false
        }
        do throws(StoreError) {
            try host.remember(ring: ringID, incarnation: next)
        } catch {
            end(failing: error.message)
            return false
        }
        self.ringID = ringID
        incarnation = next
        return true
    }

    func record(status: RingRecord.Status) -> RingRecord {
        RingRecord(
            member: settings.member, address: settings.address, zone: settings.zone, weight: settings.weight,
            incarnation: incarnation, status: status)
    }
}
