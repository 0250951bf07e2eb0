import Cluster

/// Events by time. Which of those at one time comes first is a matter of the seed: a decision that relies on
/// the order in which things happen at once must not go unnoticed. A binary heap.
package struct EventQueue<Event> {
    private struct Entry {
        let at: Instant
        let lot: UInt64
        let number: Int
        let event: Event

        func isBefore(_ other: Entry) -> Bool {
            if at != other.at { return at < other.at }
            return (lot, number) < (other.lot, other.number)
        }
    }

    private var heap: [Entry] = []
    private var inserted = 0
    private var lots: Random

    package init(seed: UInt64) { lots = Random(seed: seed) }


    package mutating func insert(_ event: Event, at instant: Instant) {
        inserted += 1
        heap.append(Entry(at: instant, lot: lots.next(), number: inserted, event: event))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    package mutating func popFirst(notAfter end: Instant) -> (at: Instant, event: Event)? {
        guard let first = heap.first, first.at <= end else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sinkFirst()
        return (first.at, first.event)
    }

    private mutating func sinkFirst() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) { least = child }
            if least == parent { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
