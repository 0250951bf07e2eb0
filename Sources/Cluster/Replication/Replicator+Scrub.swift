import Protocol

/// Looking, little by little, whether the tables hold what was written to them.
///
/// Each slot's tally is kept write by write. The scrub reads every entry again, bounded in bytes per second, and adds
/// up: where that is not what was kept, something has changed without a write. Such a copy is *unsound*: it goes on
/// to keep the log, acknowledge and vote, for all of that rests on the log; but it answers no read, computes no
/// write and supplies no copy until it is mended from another member (`Replicator+Mend`).
extension Replicator {
    /// What it costs to look for the next entry, in bytes of entries read.
    private static let seekCost = 1_024
    /// What a late tick has missed beyond is not made up for: it would make that turn a long one.
    private static let arrearsMax = Duration.milliseconds(100)

    /// Looks at as much as its share of the disk allows since the last tick.
    func scrubSome() {
        guard failure == nil, settings.scrubBytesPerSecond > 0, !has(.skipTheScrub) else { return }
        let spent = min(now.since(lastTick), Self.arrearsMax).wholeMicroseconds
        let earned = Int(clamping: spent) * settings.scrubBytesPerSecond / 1_000_000
        scrubCredit = min(scrubCredit + earned, settings.scrubBytesPerSecond / 10)
        while scrubCredit > 0, failure == nil, let replica = nextToScrub() {
            scrubCredit -= scrubPiece(of: replica) + Self.seekCost
        }
    }

    /// The slot will be looked at before all others.
    func hurryScrub(of replica: Replica) {
        guard replica.scrub == nil, !replica.isUnsound else { return }
        hurriedScrubs.insert(replica.slot)
    }

    private func nextToScrub() -> Replica? {
        while !hurriedScrubs.isEmpty, let slot = hurriedScrubs.first(where: { _ in true }) {
            if let replica = scrubbing(slot) { return replica }
            hurriedScrubs.remove(slot)
        }
        while scrubCursor < Slot.count {
            if let slot = Slot(scrubCursor), configured.contains(slot), let replica = scrubbing(slot) { return replica }
            scrubCursor += 1
        }
        guard now >= nextScrubAt else { return nil }
        nextScrubAt = now + settings.scrubInterval
        scrubCursor = 0
        return nil
    }

    /// The slot, where it can be looked at now.
    private func scrubbing(_ slot: Slot) -> Replica? {
        let replica = replica(slot)
        guard replica.holding == .whole, replica.pull == nil, !replica.isUnsound else { return nil }
        return replica
    }

    /// - Returns: how many bytes were read.
    private func scrubPiece(of replica: Replica) -> Int {
        if let bytes = replica.scrub?.goOnCounting() { return bytes }
        var scrub = replica.scrub ?? Scrub()
        guard let (entries, covered) = pieceAsKept(of: replica, KeyRange(after: scrub.cursor, through: nil)) else {
            return 0
        }
        let bytes = entries.reduce(0) { $0 + $1.key.count + $1.entry.value.count }
        for item in entries {
            if item.entry.digest != nil {
                scrub.counting = LargeCount(item.key, item.entry)
                break
            }
            scrub.tally.add(item.entry, key: item.key)
            scrub.cursor = item.key
        }
        if scrub.counting != nil {
            replica.scrub = scrub
        } else if let through = covered.through {
            scrub.cursor = through
            replica.scrub = scrub
        } else {
            endScrub(of: replica, scrub.tally)
        }
        return bytes
    }

    private func endScrub(of replica: Replica, _ tally: Tally) {
        replica.scrub = nil
        if hurriedScrubs.contains(replica.slot) {
            hurriedScrubs.remove(replica.slot)
        } else if scrubCursor == replica.slot.index {
            scrubCursor += 1
        }
        guard tally != replica.tally else { return }
        let what = "holds what was not written so: its digest is \(tally.digest), it should be \(replica.tally.digest)"
        guard replica.configuration?.members != [me] else {
            notice(.contradiction("slot \(replica.slot) \(what); there is no other copy to mend it from, it stays as it is"))
            takeAsItIs(replica)
            hasChanges = true
            return markProgress(of: replica)
        }
        becomeUnsound(replica, what)
    }
}
