import Cluster
import Protocol

/// Two keys that are only ever written together: what is done in one step, and read in one step.
extension Workload {
    static func twin(of key: [UInt8]) -> [UInt8] { key + [UInt8(ascii: "=")] }

    /// - Parameter seen: what the client saw last of them; nil: nothing, and `isBlind`: it does not care.
    static func twins(_ key: [UInt8], _ value: [UInt8], seen: Entry?, isBlind: Bool) -> Operation {
        let set = Write(.set(value), for: .forever)
        let twin = twin(of: key)
        guard !isBlind else {
            return .batch([KeyedWrite(key: key, write: set), KeyedWrite(key: twin, write: set)])
        }
        func wants(_ key: [UInt8], _ condition: Expectation) -> KeyedWrite {
            KeyedWrite(key: key, write: Write(.read, if: condition, for: .kept))
        }
        let read = KeyedWrite(key: key, write: Write(.read, for: .kept), isRequired: false)
        return .transaction(
            Transaction(
                expectations: [
                    wants(key, seen.map { .value($0.value) } ?? .absent),
                    wants(twin, seen.map { .version($0.version) } ?? .absent),
                ],
                batches: [[read, KeyedWrite(key: key, write: set)], [KeyedWrite(key: twin, write: set)]]))
    }

    /// Both are there with one value and of one write, or none is.
    func checkTwins(_ entries: [Entry?], _ model: SlotModel, _ item: AwaitedAnswer) {
        let key = ledgers[item.ledger].key
        let rotten = world.checks.rot.keys
        guard entries.count == 2, !rotten.contains(key), !rotten.contains(Workload.twin(of: key)) else { return }
        guard entries[0]?.value == entries[1]?.value, entries[0]?.version == entries[1]?.version else {
            let shown = entries.map { $0.map { "\($0.version)" } ?? "nothing" }.joined(separator: " and ")
            return world.fail(.whole, "a read of two keys of slot \(model.slot) showed \(shown)")
        }
        if let entry = entries[0] { checkRead(entry, model, item) } else { checkMiss(model, item) }
    }

    /// A transaction that took effect read what it expected.
    func checkSwap(_ answers: [WriteAnswer], _ item: AwaitedAnswer) {
        guard case .transaction(let transaction) = item.operation,
            !world.checks.rot.keys.contains(ledgers[item.ledger].key)
        else { return }
        guard answers.count == 2, case .batch(let inner) = answers[0], inner.count == 2,
            case .written(.old(let present)) = inner[0]
        else { return world.fail(.answer, "\(item.operation.words) was answered \(answers)") }
        let found: [UInt8]? = if case .entry(let entry) = present { entry.value } else { nil }
        let expected: [UInt8]? = if case .value(let value) = transaction.expectations[0].write.condition { value } else { nil }
        guard found == expected else {
            return world.fail(.whole, "\(item.operation.words) took effect on \(String(describing: found))")
        }
    }
}
