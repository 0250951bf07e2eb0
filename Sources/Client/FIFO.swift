/// A queue whose both ends cost nothing to move.
struct FIFO<Element> {
    private var elements: [Element] = []
    /// The first one that is still in the queue.
    private var head = 0

    var isEmpty: Bool { head == elements.count }
    var count: Int { elements.count - head }
    var first: Element? { isEmpty ? nil : elements[head] }
    var all: ArraySlice<Element> { elements[head...] }

    mutating func append(_ element: Element) { elements.append(element) }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head]
        head += 1
        if head > 64, head > count { compact() }
        return element
    }

    /// Puts `earlier` before everything else, in its order.
    mutating func prepend(_ earlier: [Element]) {
        guard !earlier.isEmpty else { return }
        elements = earlier + all
        head = 0
    }

    /// Takes out all elements, or those that `leaves` says.
    mutating func remove(where leaves: (Element) -> Bool = { _ in true }) -> [Element] {
        let removed = all.filter(leaves)
        elements = all.filter { !leaves($0) }
        head = 0
        return removed
    }

    private mutating func compact() {
        elements.removeFirst(head)
        head = 0
    }
}
