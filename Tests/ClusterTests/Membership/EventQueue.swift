@testable import Cluster

/// Events by time; those of one time in the order in which they were put in. A binary heap.
struct EventQueue<Event> {
    private struct Entry {
        let at: Instant
        let number: Int
        let event: Event
        func isBefore(_ other: Entry) -> Bool { (at, number) < (other.at, other.number) }
    }

    private var heap: [Entry] = []
    private var inserted = 0

    mutating func insert(_ event: Event, at instant: Instant) {
        inserted += 1
        heap.append(Entry(at: instant, number: inserted, event: event))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popFirst(notAfter end: Instant) -> (Instant, Event)? {
        guard let first = heap.first, first.at <= end else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) { least = child }
            if least == parent { break }
            heap.swapAt(parent, least)
            parent = least
        }
        return (first.at, first.event)
    }
}
