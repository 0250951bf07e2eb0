import Protocol

/// Changing a slot's log and table: the only places that do.
extension Replicator {
    /// Appends at the end of the log; durable, and thereby acknowledged, at the end of the turn.
    func append(_ entries: some Collection<LogEntry>, to replica: Replica) {
        guard !entries.isEmpty else { return }
        replica.share()
        for entry in entries {
            replica.log.append(entry)
            store.append(entry, to: replica.slot)
            remember(entry.remembered, in: replica)
        }
        hasChanges = true
        if has(.acknowledgeBeforeDurable) {
            return onDurablePosition(replica, generation: replica.generation, version: replica.log.position)
        }
        let effect = Deferred.position(
            replica.slot, generation: replica.generation, version: replica.log.position)
        // Of one slot the last says it all.
        if case .position(replica.slot, replica.generation, _) = turn.last { turn.removeLast() }
        turn.append(effect)
    }

    private func remember(_ request: RememberedRequest, in replica: Replica) {
        let last = replica.requestsForgotten
        forget(replica.remember(request), of: replica)
        if replica.requestsForgotten != last { markProgress(of: replica) }
    }

    func forget(_ forgotten: [RememberedRequest], of replica: Replica) {
        guard !forgotten.isEmpty else { return }
        for old in forgotten { store.setMeta(.request(replica.slot, old.version), to: nil) }
        markProgress(of: replica)
    }

    /// Discards what lies beyond `version`: it never happened.
    func truncate(_ replica: Replica, after version: Version) {
        guard version < replica.log.position else { return }
        for entry in replica.log.truncate(after: version) {
            store.removeLogEntry(entry.version, of: replica.slot)
        }
        if !has(.keepRequestIDsOfUndoneWrites) { replica.requests?.undo(after: version) }
        replica.generation &+= 1
        hasChanges = true
    }

    /// Takes everything up to `version` into the table.
    func advanceCommit(of replica: Replica, to version: Version) {
        let entries = replica.log.advanceCommit(to: version)
        guard !entries.isEmpty else { return }
        // Where nobody else has a part in the slot it is trimmed at once.
        let isKept = !isAlone(replica) || now < replica.pinnedUntil
        for entry in entries {
            apply(entry, to: replica)
            if isKept { backlog.add(entry, of: replica.slot) }
        }
        markProgress(of: replica)
        if isKept { boundBacklog() }
    }

    /// Whether this node leads the slot, and nobody else is or becomes a member.
    func isAlone(_ replica: Replica) -> Bool {
        replica.memberCount == 1 && replica.leadership?.flows.isEmpty == true
    }

    func apply(_ entry: LogEntry, to replica: Replica) {
        var isFirst = true
        entry.forEachChange { key, new in
            defer { isFirst = false }
            if !isFirst, has(.applyHalfABatch) { return }
            if let new { put(new, key: key, in: replica) } else { remove(key: key, in: replica) }
        }
        // In a long catch-up it may have been forgotten before it is applied.
        guard store.isPersistent, replica.requests?.keeps(entry.request, of: entry.version) == true else { return }
        var writer = ByteWriter()
        writer.write(entry.remembered)
        store.setMeta(.request(replica.slot, entry.version), to: writer.bytes)
    }

    func put(_ entry: Entry, key: [UInt8], in replica: Replica) {
        if replica.scrub == nil, putInPlace(entry, key: key, in: replica) { return }
        let old = tableEntry(key, of: replica)
        if let old { replica.tally.remove(old, key: key) }
        replica.tally.add(entry, key: key)
        replica.scrub?.replace(old, by: entry, key: key)
        change(key, from: old, to: entry, in: replica)
    }

    /// As `put`, without a copy of what is there; nothing happens where the store or the expiry needs one.
    private func putInPlace(_ entry: Entry, key: [UInt8], in replica: Replica) -> Bool {
        guard entry.expiry == nil else { return false }
        var expiry: Timestamp?
        let isPut = entry.withPlain { plain in
            key.withUnsafeBytes { exchange(plain, key: $0, in: replica, expiry: &expiry) }
        }
        guard isPut else { return false }
        if let expiry { indexExpiry(of: key, from: expiry, to: nil, in: replica) }
        hasChanges = true
        return true
    }

    /// Puts an entry and keeps the sums, where no disk has to be asked for what is there.
    /// - Parameter expiry: of what was there.
    /// - Returns: whether it was put.
    func exchange(
        _ entry: PlainEntry, key: UnsafeRawBufferPointer, in replica: Replica, expiry: inout Timestamp?
    ) -> Bool {
        var tally = replica.tally
        let isPut = store.exchange(
            entry, key: key, in: replica.slot,
            before: { old in
                tally.remove(old)
                expiry = old.expiry
            }, after: { tally.add($0) })
        if isPut { replica.tally = tally }
        return isPut
    }

    func remove(key: [UInt8], in replica: Replica) {
        guard let old = tableEntry(key, of: replica) else { return }
        if !has(.digestWithoutDeletions) { replica.tally.remove(old, key: key) }
        replica.scrub?.replace(old, by: nil, key: key)
        change(key, from: old, to: nil, in: replica)
    }

    /// Changes the table, and nothing that is counted of it.
    func change(_ key: [UInt8], from old: Entry?, to new: Entry?, in replica: Replica) {
        indexExpiry(of: key, from: old?.expiry, to: new?.expiry, in: replica)
        if let new {
            store.put(new, key: key, in: replica.slot)
        } else {
            store.remove(key: key, in: replica.slot)
        }
        hasChanges = true
    }

    func tableEntry(_ key: [UInt8], of replica: Replica) -> Entry? { tableEntry(key, in: replica.slot) }

    func tableEntry(_ key: [UInt8], in slot: Slot) -> Entry? {
        do {
            return try store.entry(in: slot, key: key)
        } catch {
            fail(error)
            return nil
        }
    }

    /// Forgets committed log entries up to `version`, unless a copy will need them.
    func trim(_ replica: Replica, through version: Version) {
        guard version > replica.log.start, now >= replica.pinnedUntil else { return }
        let slot = replica.slot
        replica.log.trim(through: version) { old in
            store.removeLogEntry(old, of: slot)
            hasChanges = true
        }
    }

    func boundBacklog() {
        while backlog.bytes > settings.backlogBytesMax, let oldest = backlog.removeOldest() {
            trim(replica(oldest.slot), through: oldest.version)
        }
    }

    /// Takes every trace of the slot's data away; what was decided and promised stays.
    func drop(_ replica: Replica) {
        replica.invitedEpoch = 0
        endPull(of: replica)
        store.removeAll(in: replica.slot)
        for request in replica.requests?.kept ?? [] {
            store.setMeta(.request(replica.slot, request.version), to: nil)
        }
        store.setMeta(.progress(replica.slot), to: nil)
        replica.holding = .nothing
        replica.heldEpoch = 0
        replica.log = SlotLog()
        replica.requests = nil
        replica.tally = Tally()
        replica.soonestExpiry = Timestamp(milliseconds: 0)
        forgetScrub(of: replica)
        replica.generation &+= 1
        saveRecord(of: replica)
    }
}

extension Entry {
    /// - Precondition: it does not expire.
    fileprivate func withPlain<R>(_ body: (PlainEntry) -> R) -> R {
        switch content {
        case .plain(let value): value.withUnsafeBytes { body(PlainEntry(value: $0, version: version, timestamp: timestamp)) }
        case .digested(let large):
            withExtendedLifetime(large) { body(PlainEntry(large: large, version: version, timestamp: timestamp)) }
        }
    }
}
