/// Whom there is news of, and how often that news has been passed on. What the news is, is looked up when
/// it is sent: so news of a node replaces older news of it by itself, and the queue is never longer than
/// the ring. (SWIM paper, section 4.1: piggybacking, the least often sent first.)
struct RumorQueue {
    private struct Entry {
        let number: Int
        var sent = 0
    }

    /// Ascending in `sent`.
    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }

    func contains(_ number: Int) -> Bool { entries.contains { $0.number == number } }

    /// There is news of node `number`.
    mutating func add(_ number: Int) {
        entries.removeAll { $0.number == number }
        entries.insert(Entry(number: number), at: 0)
    }

    /// Passes news of these nodes on only `times` more times.
    mutating func hush(_ numbers: Range<Int>, toBeSent times: Int, limit: Int) {
        for index in entries.indices where numbers.contains(entries[index].number) {
            entries[index].sent = max(entries[index].sent, limit - times)
        }
        entries.removeAll { $0.sent >= limit }
        entries.sort { $0.sent < $1.sent }
    }

    /// Offers the nodes, least often sent first; those that `take` returns true for count as sent once more,
    /// and leave the queue at `limit`. Ends when `take` returns nil: the packet is full.
    mutating func send(limit: Int, _ take: (Int) -> Bool?) {
        var hasChanged = false
        for index in entries.indices {
            guard let isTaken = take(entries[index].number) else { break }
            if isTaken {
                entries[index].sent += 1
                hasChanged = true
            }
        }
        guard hasChanged else { return }
        entries.removeAll { $0.sent >= limit }
        entries.sort { $0.sent < $1.sent }
    }
}
