import Protocol

/// A walk through the table of a slot, in key order, that counts anew what it holds: what the disk has, not what was
/// once written to it. With a source it also makes every entry what the source has (a *mend*).
///
///     counting ──▶ as it was kept: sound
///        │ otherwise
///        ▼
///     mending from another member ──▶ sound
///
/// Invariant: `tally` is that of the entries up to `cursor`, as the table is now.
struct Scrub {
    /// Everything up to this key has been counted; nil: nothing has.
    var cursor: [UInt8]?
    var tally = Tally()
    /// The entry behind the cursor, where it is too large to be looked at in one go.
    var counting: LargeCount?

    // Mending
    /// Nil: it only counts.
    var source: Member?
    var session: UInt64 = 0
    /// The number of the question whose answer is awaited; 0: it is to be asked again.
    var number: UInt64 = 0
    var lastHeard = Instant.zero
    /// The keys of the entries that were named in the question: the table goes on to change meanwhile.
    var asked: [[UInt8]] = []
    /// Entries that were not as they should be.
    var mended: UInt64 = 0

    /// Looks at the next piece of the large entry that is being counted.
    /// - Returns: how many bytes that was; nil: none is being counted.
    mutating func goOnCounting() -> Int? {
        guard var large = counting else { return nil }
        let bytes = large.step()
        counting = large
        if bytes == 0 {
            tally.add(large.counted, key: large.key)
            cursor = large.key
            counting = nil
        }
        return bytes
    }

    /// The entry under `key` changes while the walk is under way.
    mutating func replace(_ old: Entry?, by new: Entry?, key: [UInt8]) {
        let isAhead = cursor.map { $0.lexicographicallyPrecedes(key) } ?? true
        if isAhead {
            // Up to the large entry that is being counted all has been, and what is written now is as it was written.
            guard let large = counting, !large.key.lexicographicallyPrecedes(key) else { return }
            cursor = key
            if large.key == key { counting = nil }
        } else if let old {
            tally.remove(old, key: key)
        }
        if let new { tally.add(new, key: key) }
    }
}
