import Protocol

@testable import Cluster

/// Carries out operations as the primary of every slot at once would, with Cluster's own rules.
struct Memory {
    var table: [[UInt8]: Entry] = [:]
    var now = Timestamp(milliseconds: 1_000_000)
    private(set) var sequence: UInt64 = 0

    func entry(_ key: [UInt8]) -> Entry? { table[key].flatMap { $0.isExpired(at: now) ? nil : $0 } }

    mutating func carryOut(_ operation: Operation, key: [UInt8]) -> Outcome {
        sequence += 1
        let version = Version(epoch: 1, sequence: sequence)
        let present = self
        switch operation {
        case .get: return entry(key).map { .found($0) } ?? .notFound
        case .query(.entries(let keys)): return .answer(.entries(keys.map { entry($0) }))
        case .query: return .unavailable("not of one key")
        case .write(let write):
            let item = KeyedWrite(key: key, write: write, isRequired: false)
            return take(Batch.computed(item, version: version, at: now) { present.entry($0) }, version, key)
        case .batch(let items):
            return take(Batch.computed(items, version: version, at: now) { present.entry($0) }, version, key)
        case .transaction(let transaction):
            return take(Batch.computed(transaction, version: version, at: now) { present.entry($0) }, version, key)
        }
    }

    private mutating func take(_ computation: Computation, _ version: Version, _ key: [UInt8]) -> Outcome {
        let log = LogEntry(
            version: version, request: RequestID(origin: 1, number: sequence), timestamp: now, key: key,
            change: computation.change, answer: computation.answer.remembered)
        var after = table
        log.forEachChange { after[$0] = $1 }
        table = after
        switch computation.answer {
        case .written(let result): return .written(version: version, timestamp: now, result: result)
        case .conflict(let present): return .conflict(present)
        case .refused(let fault): return .refused(fault)
        case .batch(let answers): return .batch(version: version, timestamp: now, answers)
        case .aborted(let index, let answer): return .aborted(at: index, answer)
        }
    }
}
