import Protocol

/// Sync, at the node that takes a copy.
extension Replicator {
    /// What the source has beyond the cursor, where it was asked for all of that.
    func take(
        _ run: EntryRun, through: [UInt8]?, applied: Version, tail: CopyTail?, into replica: Replica, _ pull: Pull
    ) {
        guard pull.isEmptyAhead else {
            let all = Difference(entries: run.entries, lacking: nil, through: through, applied: applied, tail: tail)
            return take(all, into: replica, pull)
        }
        guard let cursor = cursor(of: replica, at: applied, pull) else { return }
        fill(replica, with: run)
        advance(replica, from: cursor, through: through, tail: tail, pull)
    }

    func take(_ piece: Difference, into replica: Replica, _ pull: Pull) {
        guard let cursor = cursor(of: replica, at: piece.applied, pull) else { return }
        apply(piece, after: cursor.after, to: replica, pull)
        advance(replica, from: cursor, through: piece.through, tail: piece.tail, pull)
    }

    private typealias Cursor = (after: [UInt8]?, start: Version)

    /// How far the copy is, and when it began; with its first piece, which is of `applied`, it begins.
    private func cursor(of replica: Replica, at applied: Version, _ pull: Pull) -> Cursor? {
        guard case .copying(let after, let started) = pull.phase else { return nil }
        guard applied.epoch <= replica.epoch else {
            failPull(of: replica)
            return nil
        }
        if started == nil { beginCopy(of: replica, at: applied) }
        return (after, started ?? applied)
    }

    private func advance(
        _ replica: Replica, from cursor: Cursor, through: [UInt8]?, tail: CopyTail?, _ pull: Pull
    ) {
        markProgress(of: replica)
        if let tail {
            takeRequests(tail, into: replica)
            replica.pull?.phase = .replaying(start: cursor.start)
            // The log is asked for as of the epoch of the copy, from where the copy began.
            fetch(.log(heldEpoch: replica.epoch, position: cursor.start), of: replica, from: pull.source)
        } else if let through {
            replica.pull?.phase = .copying(after: through, start: cursor.start)
            fetchPiece(of: replica, after: through, from: pull.source)
        } else {
            failPull(of: replica)
        }
    }

    /// Adds what is to go where nothing is.
    private func fill(_ replica: Replica, with run: EntryRun) {
        var tally = replica.tally
        var rotten: [KeyedEntry] = []
        run.forEach { view in
            if let digest = view.digest {
                // What has rotted at the source is to show here.
                let item = KeyedEntry(key: Array(view.key), entry: view.entry.recounted)
                tally.add(item.entry, key: item.key)
                if item.entry.digest != digest { rotten.append(item) }
            } else {
                tally.add(view)
            }
            if let expiry = view.expiry { indexExpiry(of: Array(view.key), from: nil, to: expiry, in: replica) }
        }
        replica.tally = tally
        store.putAll(run, in: replica.slot)
        for item in rotten { store.put(item.entry, key: item.key, in: replica.slot) }
        hasChanges = true
        syncCounters.entriesTaken += UInt64(run.count)
        syncCounters.bytesTaken += UInt64(run.payloadBytes)
    }

    /// From here on the table is a mixture: worth nothing until the copy is whole.
    private func beginCopy(of replica: Replica, at start: Version) {
        for entry in replica.log.entries(after: replica.log.start) {
            store.removeLogEntry(entry.version, of: replica.slot)
        }
        if replica.isHeld { replica.floor = max(replica.floor, replica.log.position) }
        replica.log = SlotLog(at: start)
        replica.tally = Tally()
        forgetScrub(of: replica)
        replica.generation &+= 1
        replica.holding = .partial
        replica.heldEpoch = 0
        replica.isHeldDurably = false
        if has(.completeBeforeCopied) {
            replica.holding = .whole
            replica.heldEpoch = replica.epoch
            deferHeld(replica)
        }
        saveRecord(of: replica)
    }

    private func takeRequests(_ tail: CopyTail, into replica: Replica) {
        for old in replica.requests?.kept ?? [] {
            store.setMeta(.request(replica.slot, old.version), to: nil)
        }
        replica.forgetRequests(through: tail.forgotten)
        if has(.copyWithoutRequestIDs) { return }
        for request in tail.requests {
            replica.remember(request)
            var writer = ByteWriter()
            writer.write(request)
            store.setMeta(.request(replica.slot, request.version), to: writer.bytes)
        }
    }
}
