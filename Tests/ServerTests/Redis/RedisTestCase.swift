import Protocol
import XCTest

@testable import Server

/// Redis clients of a node whose ring is a dictionary.
class RedisTestCase: ClientsTestCase {
    /// What there is, by slot; a value is its key.
    var table: [Slot: [[UInt8]: Version]] = [:]
    /// How many members have each write.
    var holders: UInt64 = 0
    private(set) var log: [TestSink.Submission] = []
    private var sequence: UInt64 = 0

    override func serve(limits: ClientLimits = ClientLimits(), expectsLargeAnswers: Bool = false) throws {
        try super.serve(limits: limits, expectsLargeAnswers: expectsLargeAnswers)
        clients.redis.clients = clients
    }

    func put(_ keys: some Sequence<String>) {
        for key in keys {
            sequence += 1
            table[Slot(key: Array(key.utf8)), default: [:]][Array(key.utf8)] = Version(epoch: 1, sequence: sequence)
        }
    }

    var keyCount: Int { table.values.reduce(0) { $0 + $1.count } }

    func outcome(_ submission: TestSink.Submission) -> Outcome {
        log.append(submission)
        let slot = submission.slot
        switch submission.operation {
        case .get: return entry(submission.key, slot).map { .found($0) } ?? .notFound
        case .query(.entries(let keys)): return .answer(.entries(keys.map { entry($0, slot) }))
        case .query(.holders): return .answer(.count(holders))
        case .query(.keys(let after, let countMax, _)):
            let sorted = (table[slot] ?? [:]).keys.sorted { $0.lexicographicallyPrecedes($1) }
            let rest = sorted.filter { key in after.map { $0.lexicographicallyPrecedes(key) } ?? true }
            let page = Array(rest.prefix(Int(countMax)))
            return .answer(.keys(page, after: page.count < rest.count ? page.last : nil, total: UInt64(sorted.count)))
        case .write(let write):
            change(submission.key, write, slot)
            return .written(version: version, timestamp: Timestamp(milliseconds: 1))
        case .batch(let items):
            for item in items { change(item.key, item.write, slot) }
            return .batch(version: version, timestamp: Timestamp(milliseconds: 1), items.map { _ in .written() })
        case .transaction(let transaction):
            for item in transaction.batches.joined() { change(item.key, item.write, slot) }
            let answers = transaction.batches.map { WriteAnswer.batch($0.map { _ in .written() }) }
            return .batch(version: version, timestamp: Timestamp(milliseconds: 1), answers)
        }
    }

    var version: Version { Version(epoch: 1, sequence: sequence) }

    func entry(_ key: [UInt8], _ slot: Slot) -> Entry? {
        table[slot]?[key].map { Entry(value: key, version: $0, timestamp: Timestamp(milliseconds: 1), expiry: nil) }
    }

    private func change(_ key: [UInt8], _ write: Write, _ slot: Slot) {
        sequence += 1
        switch write.action {
        case .set: table[slot, default: [:]][key] = version
        case .delete: table[slot]?[key] = nil
        default: break
        }
    }

    /// Answers what waits and what comes, at each turn some of it in any order.
    func answerInAnyOrder() {
        sink.onTurnEnd = { [unowned self] in
            if let token = sink.takeKeyCountRequest() {
                clients.complete(token, with: .answer(.count(UInt64(keyCount))), servedBy: sink.server)
            }
            while !sink.pending.isEmpty, Int.random(in: 0..<300) > 0 {
                let index = Int.random(in: 0..<sink.pending.count)
                sink.answer(at: index, with: outcome(sink.pending[index]))
            }
        }
    }

    /// Its reply, whose line ends are shown as blanks.
    func reply(to line: String, from client: TestClient) -> String {
        let before = client.received.count
        client.send(line + "\r\nPING end-of-it\r\n")
        let end = "$9\r\nend-of-it\r\n"
        run { client.text.hasSuffix(end) && client.received.count > before + end.utf8.count || client.isAtEnd }
        let text = String(decoding: client.received.dropFirst(before), as: UTF8.self)
        return String(text.replacingOccurrences(of: end, with: "").replacingOccurrences(of: "\r\n", with: " ").dropLast())
    }
}
