import Protocol

/// The committed log entries of all slots in the order in which they were committed, so that the oldest
/// can be trimmed when together they take too much.
struct Backlog {
    private var entries: [(slot: Slot, version: Version, size: Int)] = []
    private var head = 0
    private(set) var bytes = 0

    mutating func add(_ entry: LogEntry, of slot: Slot) {
        entries.append((slot, entry.version, entry.size))
        bytes += entry.size
    }

    var isEmpty: Bool { head == entries.count }

    /// The oldest; it may have left its log meanwhile.
    mutating func removeOldest() -> (slot: Slot, version: Version)? {
        guard head < entries.count else { return nil }
        let oldest = entries[head]
        head += 1
        bytes -= oldest.size
        if head > 1_024, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return (oldest.slot, oldest.version)
    }
}
