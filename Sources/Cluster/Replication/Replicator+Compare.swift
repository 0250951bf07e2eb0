import Protocol

/// Sync by comparison: a node that holds something of a slot, however old or mixed up, gets only what differs.
///
/// It goes through what it has in key order, a chunk at a time: tells the source the digest of the chunk; where
/// that is not the source's, the names of the entries; and gets the entries that it lacks, and which of its own to
/// remove. Where it has nothing, that is a plain copy. Once it is through, the log that was written since the
/// beginning follows, as after a plain copy.
///
/// Invariants:
/// - up to the cursor (`Pull.Phase.copying`) the table is what the source had there when everything up to
///   `applied` of that piece was in its table, and the tally is that of these entries;
/// - the copy is whole only when its digest is what the source kept at the same position (`isProven`).
///
/// A comparison that is cut short, by a restart or by the loss of its source, leaves a table that is nearer to the
/// source's. The next one begins anew, and finds equal what has come already: that is how it resumes.
extension Replicator {
    typealias KeyedEntries = ArraySlice<(key: [UInt8], entry: Entry)>

    // MARK: At the node that compares

    /// Asks for what follows `after`.
    func fetchPiece(of replica: Replica, after: [UInt8]?, from source: Member) {
        if after == nil { replica.pull?.isEmptyAhead = false }
        if replica.pull?.isEmptyAhead == true { return fetch(.copy(after: after), of: replica, from: source) }
        guard let (entries, range) = ownPiece(of: replica, KeyRange(after: after, through: nil)) else { return }
        let tally = Self.tally(of: entries)
        // What is held is written to, by the stream.
        replica.pull?.isEmptyAhead = entries.isEmpty && !replica.isHeld
        replica.pull?.compared = replica.isHeld ? nil : (range, tally)
        fetch(entries.isEmpty ? .copy(after: after) : .compare(range, digest: tally.digest), of: replica, from: source)
    }

    /// The source has something else there.
    func fetchDifference(of replica: Replica, through: [UInt8]?, _ pull: Pull) {
        guard case .copying(let after, _) = pull.phase,
            let (entries, _) = ownPiece(of: replica, KeyRange(after: after, through: through))
        else { return }
        let range = KeyRange(after: after, through: through)
        let names = entries.map { EntryHash.name(of: $0.entry, key: $0.key) }
        fetch(.difference(range, names: names), of: replica, from: pull.source)
    }

    /// Makes what is here beyond `after` and up to the end of `piece` what the source has there.
    func apply(_ piece: Difference, after: [UInt8]?, to replica: Replica, _ pull: Pull) {
        if piece.entries.isEmpty, piece.lacking?.isEmpty == true, let compared = pull.compared,
            compared.covered == KeyRange(after: after, through: piece.through)
        {
            replica.tally = replica.tally + compared.tally
            syncCounters.entriesKept += compared.tally.keys
            return
        }
        let sent = Set(piece.entries.map(\.key))
        let lacking = piece.lacking.map(Set.init)
        var replaced: [[UInt8]: Entry] = [:]
        var place: UInt32 = 0
        walk(replica, after: after, through: piece.through) { item in
            let goes = lacking?.contains(place) ?? true
            place += 1
            if sent.contains(item.key) {
                replaced[item.key] = item.entry
            } else if goes, !keepsDefectively(isListed: lacking != nil) {
                change(item.key, from: item.entry, to: nil, in: replica)
            } else {
                replica.tally.add(item.entry, key: item.key)
                syncCounters.entriesKept += 1
            }
        }
        for item in piece.entries {
            change(item.key, from: replaced[item.key], to: item.entry, in: replica)
            replica.tally.add(item.entry, key: item.key)
            syncCounters.bytesTaken += UInt64(item.key.count + item.entry.value.count)
        }
        syncCounters.entriesTaken += UInt64(piece.entries.count)
    }

    /// Calls `each` with the entries here beyond `after`, up to and with `through`.
    func walk(
        _ replica: Replica, after: [UInt8]?, through: [UInt8]?, _ each: ((key: [UInt8], entry: Entry)) -> Void
    ) { walk(replica, after: after, through: through, by: ownPiece, each) }

    /// - Parameter piece: reads a chunk.
    func walk(
        _ replica: Replica, after: [UInt8]?, through: [UInt8]?,
        by piece: (Replica, KeyRange) -> (entries: KeyedEntries, covered: KeyRange)?,
        _ each: ((key: [UInt8], entry: Entry)) -> Void
    ) {
        var cursor = after
        while true {
            guard let (entries, range) = piece(replica, KeyRange(after: cursor, through: through)) else { return }
            entries.forEach(each)
            guard let last = range.through, last != through else { return }
            cursor = last
        }
    }

    /// A copy must add up to what its source has counted, write by write, at the same position. An entry that has
    /// rotted at the source does not spread so.
    func isProven(_ replica: Replica, commit: Version, digest: UInt64?, _ pull: Pull) -> Bool {
        guard case .replaying = pull.phase, let digest, replica.log.commit == commit else { return true }
        syncCounters.copiesTaken += 1
        guard replica.tally.digest != digest else { return true }
        // Whoever of the two has something wrong: the source counts anew, and this copy is compared once more.
        send(.doubt(replica.slot), to: pull.source.node)
        notice(
            .contradiction(
                "slot \(replica.slot): the copy from \(pull.source) has digest \(replica.tally.digest) at \(commit), "
                    + "it should be \(digest); it is compared once more"))
        return false
    }

    private func keepsDefectively(isListed: Bool) -> Bool {
        has(.keepWhatThePrimaryLacks) || isListed && has(.compareWithoutDeletions)
    }

    // MARK: At the source

    func supplyComparison(
        of replica: Replica, _ range: KeyRange, digest: UInt64, number: UInt64, to member: Member
    ) {
        guard let (entries, covered) = ownPiece(of: replica, range) else {
            return supply(.refused, of: replica, number: number, to: member)
        }
        guard covered.through == range.through, Self.digest(of: entries) == digest else {
            return supply(.differs(through: covered.through), of: replica, number: number, to: member)
        }
        supply(difference([], lacking: [], covered, of: replica), of: replica, number: number, to: member)
    }

    func supplyDifference(
        of replica: Replica, _ range: KeyRange, names: [EntryName], number: UInt64, to member: Member
    ) {
        guard let (entries, covered) = ownPiece(of: replica, range) else {
            return supply(.refused, of: replica, number: number, to: member)
        }
        let theirs = Set(names)
        var ours: Set<EntryName> = []
        let missing = entries.filter { item in
            let name = EntryHash.name(of: item.entry, key: item.key)
            ours.insert(name)
            return !theirs.contains(name)
        }
        let lacking = names.indices.filter { !ours.contains(names[$0]) }.map(UInt32.init)
        countSent(missing)
        supply(difference(missing, lacking: lacking, covered, of: replica), of: replica, number: number, to: member)
    }

    private func difference(
        _ entries: [(key: [UInt8], entry: Entry)], lacking: [UInt32], _ covered: KeyRange, of replica: Replica
    ) -> Supply.Content {
        replica.pinnedUntil = now + Self.pin
        let applied = replica.log.commit
        return .difference(
            Difference(
                entries: entries.map { KeyedEntry(key: $0.key, entry: $0.entry) }, lacking: lacking,
                through: covered.through, applied: applied,
                tail: covered.through == nil ? replica.requestTail(through: applied) : nil))
    }

    func countSent(_ entries: [(key: [UInt8], entry: Entry)]) {
        syncCounters.entriesSent += UInt64(entries.count)
        for item in entries { syncCounters.bytesSent += UInt64(item.key.count + item.entry.value.count) }
    }

    // MARK: At both

    /// A chunk of what is here in `range`, with the digests that its values have, and the part of the range that it covers;
    /// nil: the store has failed.
    func ownPiece(of replica: Replica, _ range: KeyRange) -> (entries: KeyedEntries, covered: KeyRange)? {
        guard let (entries, covered) = pieceAsKept(of: replica, range) else { return nil }
        return (entries.map { (key: $0.key, entry: $0.entry.recounted) }[...], covered)
    }

    /// The same with the digests that were kept.
    func pieceAsKept(of replica: Replica, _ range: KeyRange) -> (entries: KeyedEntries, covered: KeyRange)? {
        do {
            let chunk = try store.chunk(of: replica.slot, after: range.after, bytesMax: settings.chunkBytesMax)
            let inside = chunk.entries.prefix { item in
                range.through.map { !$0.lexicographicallyPrecedes(item.key) } ?? true
            }
            let isAll = inside.count < chunk.entries.count || chunk.isLast
            let through = isAll ? range.through : chunk.entries.last?.key
            return (inside, KeyRange(after: range.after, through: through))
        } catch {
            fail(error)
            return nil
        }
    }

    static func tally(of entries: KeyedEntries) -> Tally {
        entries.reduce(into: Tally()) { $0.add($1.entry, key: $1.key) }
    }

    static func digest(of entries: KeyedEntries) -> UInt64 { tally(of: entries).digest }
}
