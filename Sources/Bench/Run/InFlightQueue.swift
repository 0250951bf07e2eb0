/// Requests in the order in which they were sent, which is that of their replies. Those that are answered but await a WAIT
/// stay at its head. Its memory is taken once.
struct InFlightQueue: ~Copyable {
    private let slots: UnsafeMutablePointer<InFlight>
    private let mask: Int
    private var head = 0
    /// Those before it are answered.
    private var answered = 0
    private var tail = 0

    /// - Parameter capacity: never to be exceeded.
    init(capacity: Int) {
        var size = 1
        while size < capacity { size *= 2 }
        mask = size - 1
        slots = .allocate(capacity: size)
    }

    deinit { slots.deallocate() }

    var count: Int { tail - head }
    var isEmpty: Bool { head == tail }
    /// How many are answered and not taken.
    var heldCount: Int { answered - head }
    var awaitsReply: Bool { answered < tail }

    mutating func append(_ request: InFlight) {
        precondition(count <= mask, "more requests are under way than there is room for")
        slots[tail & mask] = request
        tail += 1
    }

    /// Takes the one that a reply belongs to; nothing is held. Nil when none is under way.
    mutating func takeAnswered() -> InFlight? {
        guard answered < tail, head == answered else { return nil }
        head += 1
        answered = head
        return slots[(head - 1) & mask]
    }

    /// The one that the next reply belongs to.
    var nextAnswered: InFlight? { answered < tail ? slots[answered & mask] : nil }

    /// Leaves it where it is, until it is taken by `takeFirst`.
    mutating func hold(failed: Bool) {
        slots[answered & mask].hasFailed = failed
        answered += 1
    }

    mutating func takeFirst() -> InFlight? {
        guard head < tail else { return nil }
        head += 1
        answered = max(answered, head)
        return slots[(head - 1) & mask]
    }
}
