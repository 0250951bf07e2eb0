import Protocol

/// Puts the answers of one connection into the order of its requests, whatever the order in which they come.
///
///     requests   head ────────────────▶ tail
///                waiting  answered  waiting       in `places`, a ring, from head to tail
///     answers before head: in `output`, ready to be written
///
/// Invariant: the request at `head` waits, or there is none. So the answer of the oldest request, which in a
/// quiet ring is the next that comes, is encoded straight into `output`.
struct AnswerQueue<Request> {
    private enum Place {
        case free
        case waiting(Request)
        case answered(Output)
    }

    /// Capacity that stays with an idle connection.
    private static var outputKeptMax: Int { 64 * 1024 }

    private var places: [Place]
    private var head: UInt64
    /// The sequence of the next request.
    private(set) var tail: UInt64
    /// Answers that are ready to be written.
    private(set) var output = Output()
    private var heldBytes = 0

    /// - Parameter first: the sequence of the first request.
    init(first: UInt64) {
        head = first
        tail = first
        places = Array(repeating: .free, count: 4)
    }

    /// Requests whose answers are not in `output` yet.
    var count: Int { Int(tail - head) }
    var isEmpty: Bool { head == tail }
    var hasOutput: Bool { !output.isEmpty }
    /// Bytes of all answers here.
    var bytes: Int { output.count + heldBytes }

    /// Takes a request; answer it under the sequence that this returns.
    mutating func append(_ request: Request) -> UInt64 {
        if count == places.count { grow() }
        places[index(tail)] = .waiting(request)
        tail += 1
        return tail - 1
    }

    /// Answers what is no request, after everything before it.
    mutating func appendAnswer(_ write: (inout Output) -> Void) {
        guard !isEmpty else { return write(&output) }
        if count == places.count { grow() }
        var answer = Output()
        write(&answer)
        hold(answer, at: tail)
        tail += 1
    }

    /// The request that waits under a sequence; nil: it has been answered, or was never here.
    func waiting(_ sequence: UInt64) -> Request? {
        guard sequence >= head, sequence < tail, case .waiting(let request) = places[index(sequence)] else { return nil }
        return request
    }

    /// Answers a request; the second time, and for a sequence that is not here, it does nothing.
    mutating func answer(_ sequence: UInt64, _ write: (Request, inout Output) -> Void) {
        guard sequence >= head, sequence < tail, case .waiting(let request) = places[index(sequence)]
        else { return }
        if sequence == head {
            places[index(head)] = .free
            head += 1
            write(request, &output)
            moveAnswered()
        } else {
            var answer = Output()
            write(request, &answer)
            hold(answer, at: sequence)
        }
    }

    /// After `output` has been written.
    mutating func clearOutput() { output.removeAll(keptMax: AnswerQueue.outputKeptMax) }

    private func index(_ sequence: UInt64) -> Int { Int(sequence & UInt64(places.count - 1)) }

    private mutating func hold(_ answer: Output, at sequence: UInt64) {
        places[index(sequence)] = .answered(answer)
        heldBytes += answer.count
    }

    private mutating func moveAnswered() {
        while head < tail, case .answered(let answer) = places[index(head)] {
            output += answer
            heldBytes -= answer.count
            places[index(head)] = .free
            head += 1
        }
    }

    private mutating func grow() {
        var larger = [Place](repeating: .free, count: places.count * 2)
        for sequence in head..<tail {
            larger[Int(sequence & UInt64(larger.count - 1))] = places[index(sequence)]
        }
        places = larger
    }
}
