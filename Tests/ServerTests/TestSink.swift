import Protocol

@testable import Server

/// Keeps what clients ask until the test answers it.
final class TestSink: RequestSink {
    struct Submission {
        let operation: Protocol.Operation
        let key: [UInt8]
        let slot: Slot
        let consistency: Consistency
        let token: UInt64
        let name: RequestName?
    }

    private(set) var submissions = 0
    private(set) var statusRequests: [UInt64] = []
    private(set) var keyCountRequests: [UInt64] = []
    var pending: [Submission] = []
    /// In place of `pending`: answers at once.
    var answerAtOnce: ((Submission) -> Outcome)?
    /// What is read at once: the value, or that there is none; nil: it is to be submitted.
    var valueAtOnce: ((_ key: [UInt8], Slot, Consistency) -> [UInt8]??)?
    var onTurnEnd: (() -> Void)?

    private unowned let clients: Clients
    let server = NodeID("there")!

    init(_ clients: Clients) { self.clients = clients }

    /// What was said to be asked for soon.
    private(set) var expected: [[UInt8]] = []

    func expect(_ requests: UnsafeBufferPointer<RequestView>) { expected += requests.map { Array($0.key) } }

    /// The version under which it is written; nil: it is to be submitted.
    var writtenAtOnce: ((_ key: [UInt8], _ value: [UInt8], Slot) -> Version?)?

    func carryOutAtOnce(_ requests: UnsafeBufferPointer<RequestView>, _ answer: (AnswerView) -> Bool) -> Int {
        for (index, request) in requests.enumerated() {
            guard let takesMore = carryOutAtOnce(request, answer) else { return index }
            guard takesMore else { return index + 1 }
        }
        return requests.count
    }

    /// What is read together: the value, or that there is none; nil: it is to be submitted.
    var valueTogether: ((_ key: [UInt8], Consistency) -> [UInt8]??)?
    /// By their first tokens, which were.
    var groups: [UInt64: [[UInt8]]] = [:]

    func readTogether(
        _ requests: UnsafeBufferPointer<RequestView>, token: UInt64, _ answer: (AnswerView) -> Bool
    ) -> Int {
        var keys: [[UInt8]] = []
        for request in requests {
            let key = Array(request.key)
            guard case .get = request.kind, let value = valueTogether?(key, request.consistency) else { break }
            keys.append(key)
            if !show(value, key: key, answer) { break }
        }
        if !keys.isEmpty { groups[token] = keys }
        return keys.count
    }

    private func carryOutAtOnce(_ request: RequestView, _ answer: (AnswerView) -> Bool) -> Bool? {
        let key = Array(request.key)
        switch request.kind {
        case .get:
            guard let value = valueAtOnce?(key, request.slot, request.consistency) else { return nil }
            return show(value, key: key, answer)
        case .set(let value): return writtenAtOnce?(key, Array(value), request.slot).map {
                answer(.written($0, Timestamp(milliseconds: 1)))
            }
        case .other: return nil
        }
    }

    private func show(_ value: [UInt8]?, key: [UInt8], _ answer: (AnswerView) -> Bool) -> Bool {
        guard let value else { return answer(.value(nil)) }
        let entry = Entry(value: value, version: .zero, timestamp: Timestamp(milliseconds: 1), expiry: nil)
        var takesMore = true
        EntryRun(CollectionOfOne(KeyedEntry(key: key, entry: entry))).forEach { takesMore = answer(.value($0)) }
        return takesMore
    }

    func submit(_ asked: ClientOperation, token: UInt64) {
        submissions += 1
        let submission = Submission(
            operation: asked.operation, key: asked.key, slot: asked.slot ?? Slot(key: asked.key),
            consistency: asked.consistency, token: token, name: asked.name)
        if let answerAtOnce {
            clients.complete(token, with: answerAtOnce(submission), servedBy: server)
        } else {
            pending.append(submission)
        }
    }

    func requestKeyCount(token: UInt64) { keyCountRequests.append(token) }

    func takeKeyCountRequest() -> UInt64? { keyCountRequests.isEmpty ? nil : keyCountRequests.removeFirst() }

    func administer(_ text: String, token: UInt64) {}

    func requestStatus(token: UInt64) { statusRequests.append(token) }

    /// Answers what waits at `index`.
    func answer(at index: Int = 0, with outcome: Outcome) {
        clients.complete(pending.remove(at: index).token, with: outcome, servedBy: server)
    }

    /// Answers all that waits, the first first.
    func answerAll(_ outcome: (Submission) -> Outcome = { .found(entry($0.key)) }) {
        let waiting = pending
        pending = []
        for submission in waiting {
            clients.complete(submission.token, with: outcome(submission), servedBy: server)
        }
    }
}

/// An entry as a GET finds it.
func entry(_ value: [UInt8]) -> Entry {
    Entry(
        value: value, version: Version(epoch: 3, sequence: 4), timestamp: Timestamp(milliseconds: 5), expiry: nil)
}
