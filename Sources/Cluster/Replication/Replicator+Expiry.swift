import Protocol

/// Removing what has expired: the primary's, by an ordinary delete in the slot's order.
///
/// Invariant: a removal enters the log only where its entry, with an expiry that has passed by the primary's
/// clock, is what the key holds after all writes before it, pending ones included. So no newer value is ever
/// removed, and no order depends on a clock: members apply the delete, they do not decide it.
///
/// It costs nothing while nothing expires: the store has an index by expiry, and of each slot its soonest is
/// known. Every slot is looked at once in `roundTime`, so an expired entry is gone about a second later. A flood
/// takes longer: in one tick up to `slotsMax` slots are read, and up to `entriesMax` entries removed.
extension Replicator {
    private static let roundTime = Duration.seconds(1)
    private static let tick = Duration.milliseconds(50)
    /// Slots from which something is removed in one tick.
    private static let slotsMax = 512
    private static let entriesMax = 2_048
    /// Entries of one slot that are removed in one tick.
    private static let entriesPerSlotMax = 64

    /// Every tick.
    func removeExpired() {
        noticeExpired()
        guard !expiring.isEmpty else { return }
        var taken = 0
        var left = Self.entriesMax
        let turn = expiring.prefix(Self.slotsMax).map(replica)
        for replica in turn where left > 0 {
            taken += 1
            replica.isExpiring = false
            left -= removeExpired(of: replica)
        }
        expiring.removeFirst(taken)
        for replica in turn.prefix(taken) { noticeExpired(in: replica) }
    }

    private func noticeExpired() {
        let ticks = Int(Self.roundTime.wholeMicroseconds / Self.tick.wholeMicroseconds)
        for _ in 0..<(Slot.count / ticks + 1) {
            expiryCursor = (expiryCursor + 1) % Slot.count
            if let slot = Slot(expiryCursor), configured.contains(slot) { noticeExpired(in: replica(slot)) }
        }
    }

    private func noticeExpired(in replica: Replica) {
        guard !replica.isExpiring, replica.soonestExpiry <= wallTime, maySurelyWrite(replica) else { return }
        replica.isExpiring = true
        expiring.append(replica.slot)
    }

    /// Removals leave most of the room to clients.
    private func maySurelyWrite(_ replica: Replica) -> Bool {
        replica.leadership?.phase == .open && !replica.isSealed && replica.isComplete && failure == nil
            && replica.log.pendingCount < Limits.pendingWritesPerSlotMax / 4
    }

    /// - Returns: how many entries were looked at.
    private func removeExpired(of replica: Replica) -> Int {
        guard maySurelyWrite(replica) else { return 0 }
        do {
            let found = try store.expiries(
                in: replica.slot, from: replica.soonestExpiry, countMax: Self.entriesPerSlotMax)
            for expiry in found.prefix(while: { $0.at <= wallTime }) { remove(expiry, from: replica) }
            replica.soonestExpiry = found.first?.at ?? .max
            return found.count
        } catch {
            fail(error)
            return 0
        }
    }

    private func remove(_ expiry: Expiry, from replica: Replica) {
        // What is pending may be this very removal, or a newer value.
        let isPending = replica.log.lastPending(of: expiry.key) != nil
        guard !isPending || has(.removeNewerValues) else { return }
        let present = tableEntry(expiry.key, of: replica)
        guard present?.expiry == expiry.at else {
            // A row of the index that leads nowhere; there should be none.
            return store.setExpiry(expiry, in: replica.slot, isThere: false)
        }
        guard failure == nil, let version = replica.log.position.next(in: replica.epoch) else { return }
        let removal = LogEntry(
            version: version, request: RequestID(own: version), timestamp: wallTime, key: expiry.key,
            change: .delete)
        append(CollectionOfOne(removal), to: replica)
        dirty.insert(replica.slot)
    }

    /// An entry of the table changes.
    func indexExpiry(of key: [UInt8], from old: Timestamp?, to new: Timestamp?, in replica: Replica) {
        guard old != new else { return }
        if let old { store.setExpiry(Expiry(at: old, key: key), in: replica.slot, isThere: false) }
        guard let new else { return }
        store.setExpiry(Expiry(at: new, key: key), in: replica.slot, isThere: true)
        replica.soonestExpiry = min(replica.soonestExpiry, new)
    }
}

extension Timestamp {
    fileprivate static let max = Timestamp(milliseconds: .max)
}
