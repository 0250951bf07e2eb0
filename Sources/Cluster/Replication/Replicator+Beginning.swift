import Protocol

/// How a node comes to its slots: a new ring has all of them here, a start takes up what the store remembers.
extension Replicator {
    /// Makes this the first node of a new ring: it leads every slot, at epoch 1.
    /// - Parameter slots: fewer than all only where a test wants a small ring.
    package func found(_ slots: some Sequence<Slot> = Slot.all) {
        let configuration = memberLists.shared(Configuration(epoch: 1, members: [me], base: .zero))
        for replica in slots.map(replica) {
            replica.configuration = configuration
            led.move(replica.slot, from: nil, to: me)
            replica.bases.add(.zero, of: 1, after: 0)
            replica.holding = .whole
            replica.heldEpoch = 1
            replica.leadership = Leadership(of: replica, flows: [])
            configured.insert(replica.slot)
            reconfigured.insert(replica.slot)
            saveRecord(of: replica)
            deferHeld(replica)
        }
    }

    /// Takes up what the store remembers.
    package func restore() throws(StoreError) {
        var requests: [[RememberedRequest]] = Array(repeating: [], count: Slot.count)
        do {
            try store.loadMeta { (key, value) throws(StoreError) in
                try self.restoreMeta(key, value, requests: &requests)
            }
        }
        var logs: [[LogEntry]] = Array(repeating: [], count: Slot.count)
        try store.loadLogs { (slot, entry) throws(StoreError) in logs[slot.index].append(entry) }
        for slot in Slot.all where replicasBySlot[slot.index] != nil || !logs[slot.index].isEmpty {
            restoreTail(of: replica(slot), log: logs[slot.index], requests: requests[slot.index])
        }
        boundBacklog()
    }

    private func restoreMeta(
        _ key: MetaKey, _ value: [UInt8], requests: inout [[RememberedRequest]]
    ) throws(StoreError) {
        do throws(DecodeError) {
            switch key {
            case .slot(let slot): try replica(slot).restoreRecord(value)
            case .progress(let slot): try replica(slot).restoreProgress(value)
            case .request(let slot, _):
                var reader = ByteReader(value)
                requests[slot.index].append(try reader.read())
            case .ring: break
            }
        } catch {
            throw StoreError("the data folder is damaged at \(key): \(error); restore it from another member")
        }
    }

    private func restoreTail(of replica: Replica, log: [LogEntry], requests: [RememberedRequest]) {
        recount(replica)
        replica.restoreLog(log)
        for request in requests.sorted(by: { $0.version < $1.version }) {
            forget(replica.remember(request), of: replica)
        }
        for entry in replica.log.entries(after: replica.log.commit) {
            forget(replica.remember(entry.remembered), of: replica)
        }
        guard let configuration = replica.configuration else { return }
        replica.configuration = memberLists.shared(configuration)
        replica.previousMembers = memberLists.shared(replica.previousMembers)
        configured.insert(replica.slot)
        led.move(replica.slot, from: nil, to: configuration.primary)
        replica.mustReopen = configuration.primary == me
        if let accepted = replica.accepted, accepted.value.primary == me { replica.ledBefore = accepted.value.epoch }
        restoreDefectively(replica, configuration)
        if replica.isSealed { replica.sealedSince = now }
        restoreDoubts(replica)
        attend(replica)
        for entry in replica.log.entries(after: replica.log.start)
        where entry.version <= replica.log.commit {
            backlog.add(entry, of: replica.slot)
        }
    }

    /// A copy that was found wrong counts itself anew. If it is as it should be, because it was mended already, it is only in
    /// doubt, and is compared: to mend it once more could bring rot into it, from a copy that has rotted since. Not so
    /// where an operator has said whose copy is right.
    private func restoreDoubts(_ replica: Replica) {
        if replica.isUnsound, replica.mendSource == nil, counted(replica) == replica.tally {
            mark(replica, isUnsound: false, isDisputed: true, source: nil)
        }
        if replica.isDisputed { hurryScrub(of: replica) }
    }
}
