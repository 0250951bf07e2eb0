import CProcessor
import Protocol

/// One member's log of one slot: the writes beyond `start`, in the primary's order.
///
///     start        commit            position
///       |  applied   |    pending       |
///       +------------+------------------+
///
/// Invariants: start ≤ commit ≤ position, durable ≤ position; the entries are exactly those of the
/// slot's order in (start, position]. What lies beyond `commit` is pending: it may yet be undone.
package struct SlotLog {
    /// The version before the first entry that is still here.
    package private(set) var start: Version
    /// The last version of the log; `start` when it has no entries.
    package private(set) var position: Version
    /// The last version known to be committed; the table contains everything up to it.
    package private(set) var commit: Version
    /// How far the log is durable.
    package private(set) var durable: Version
    private var entries: [LogEntry] = []
    // Half a word each: most of the 16,384 logs are empty.
    private var (headIndex, pendingIndex) = (UInt32(0), UInt32(0))
    private var latest = LatestPending()
    /// What the pending entries take, roughly.
    package private(set) var pendingBytes = 0

    /// An empty log of a slot whose table contains everything up to `version`, durably.
    package init(at version: Version = .zero) {
        start = version
        position = version
        commit = version
        durable = version
    }

    /// Entries before this index have been trimmed.
    private var head: Int {
        get { Int(headIndex) }
        set { headIndex = UInt32(newValue) }
    }

    /// The index of the first entry beyond `commit`.
    private var pending: Int {
        get { Int(pendingIndex) }
        set { pendingIndex = UInt32(newValue) }
    }

    package var count: Int { entries.count - head }
    /// Whether all that was written is committed and forgotten.
    package var isEmpty: Bool { entries.isEmpty && position == durable }
    package var pendingCount: Int { entries.count - pending }

    /// The entries beyond `version`.
    package func entries(after version: Version) -> ArraySlice<LogEntry> {
        entries[index(after: version)...]
    }

    /// Whether `version` is a point of this log from which the rest can be read: its start or an entry.
    package func reaches(_ version: Version) -> Bool {
        if version == start { return true }
        guard version > start, version <= position else { return false }
        let found = index(after: version)
        return found > head && entries[found - 1].version == version
    }

    /// The last pending entry that changes what is under `key`, if there is one.
    package mutating func lastPending(of key: [UInt8]) -> LogEntry? {
        guard pendingCount > 0 else { return nil }
        // What has been committed since is still in it.
        if latest.count > 2 * pendingCount + 64 { latest = LatestPending() }
        latest.add(entries[index(after: Swift.max(latest.covered, commit))...])
        guard let version = latest.version(of: key), version > commit else { return nil }
        return entries[index(after: version) - 1]
    }

    /// - Precondition: it follows `position`.
    package mutating func append(_ entry: LogEntry) {
        precondition(entry.version > position, "a log only grows")
        entries.append(entry)
        position = entry.version
        pendingBytes += entry.size
    }

    /// Goes on behind writes that are not kept here, since nobody will ask for them: the table has them. They count as
    /// durable; who calls this sees to it that nobody hears of them before they are (`Replicator.writeAtOnce`).
    /// - Precondition: the log is empty.
    package mutating func pass(to version: Version) {
        precondition(isEmpty && version > position, "what is in the log is not passed over")
        start = version
        position = version
        commit = version
        durable = version
    }

    /// Marks everything up to `version` durable.
    package mutating func markDurable(through version: Version) {
        durable = Swift.max(durable, Swift.min(version, position))
    }

    /// Marks everything up to `version` committed and returns the entries that newly are.
    package mutating func advanceCommit(to version: Version) -> ArraySlice<LogEntry> {
        let target = Swift.min(version, position)
        guard target > commit else { return [] }
        let end = index(after: target)
        let committed = entries[pending..<end]
        commit = target
        pending = end
        for entry in committed { pendingBytes -= entry.size }
        if commit == position { latest = LatestPending() }
        return committed
    }

    /// Discards what lies beyond `version` and returns it.
    /// - Precondition: nothing of it is committed.
    package mutating func truncate(after version: Version) -> [LogEntry] {
        precondition(version >= commit, "what is committed stays")
        let first = index(after: version)
        let discarded = Array(entries[first...])
        entries.removeSubrange(first...)
        for entry in discarded { pendingBytes -= entry.size }
        latest = LatestPending()
        position = entries.count > head ? entries[entries.count - 1].version : start
        durable = Swift.min(durable, position)
        return discarded
    }

    /// Forgets committed entries up to `version`.
    /// - Parameter each: is told the version of each of them.
    package mutating func trim(through version: Version, _ each: (Version) -> Void) {
        let end = index(after: Swift.min(version, commit))
        guard end > head else { return }
        for index in head..<end { each(entries[index].version) }
        start = entries[end - 1].version
        head = end
        if head == entries.count {
            // Most slots have nothing to keep most of the time: what was trimmed must not stay in their memory.
            entries.removeAll(keepingCapacity: entries.capacity <= 4)
            head = 0
            pending = 0
        } else if head > 64, head * 2 > entries.count {
            entries.removeFirst(head)
            pending -= head
            head = 0
        }
    }

    // MARK: Fetching from memory, each step after the one before (`Replicator.forEachAhead`)

    @inline(__always)
    func expect() { torc_prefetch(address(of: entries)) }

    @inline(__always)
    func expectNextCommit() {
        guard pending < entries.count else { return }
        entries.withUnsafeBytes { bytes in
            let entry = bytes.load(fromByteOffset: pending * MemoryLayout<LogEntry>.stride, as: UnsafeRawPointer.self)
            for line in 0..<2 { torc_prefetch(entry + line * 64) }
        }
    }

    @inline(__always)
    func expectNextCommitKey() {
        guard pending < entries.count else { return }
        torc_prefetch(address(of: entries[pending].key))
        if case .set(.plain(let value), _) = entries[pending].change { torc_prefetch(address(of: value)) }
    }

    /// Valid until the log changes; nil: nothing is pending.
    @inline(__always)
    var nextCommitKey: UnsafeRawBufferPointer? {
        pending < entries.count ? entries[pending].key.withUnsafeBytes { $0 } : nil
    }

    /// The index of the first entry beyond `version`.
    @inline(__always)
    private func index(after version: Version) -> Int {
        if version >= position { return entries.count }
        if version == commit { return pending }
        var low = head
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].version <= version { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
