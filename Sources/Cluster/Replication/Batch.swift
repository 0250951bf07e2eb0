import Protocol

/// Computes several writes of one slot as one: each on what those before it left.
///
/// Invariant: what it comes to is what the writes would come to one after another, or, where a required one does
/// not take effect, nothing at all. In a transaction that holds for each of its batches.
struct Batch {
    private let version: Version
    private let now: Timestamp
    private let present: (_ key: [UInt8]) -> Entry?
    private var made = Made()

    /// What the writes so far have come to.
    private struct Made {
        /// What is under each key that they change; nil: nothing.
        var entries: [[UInt8]: Entry?] = [:]
        /// Of each key the latest change, in the order of the first ones.
        var changes: [LogEntry.KeyedChange] = []
        var places: [[UInt8]: Int] = [:]
        var bytes = 0
    }

    /// - Parameters:
    ///   - version: that of the whole.
    ///   - present: what is under a key after all writes before this one; nil: nothing, or it has expired.
    static func computed(
        _ items: [KeyedWrite], version: Version, at now: Timestamp, on present: (_ key: [UInt8]) -> Entry?
    ) -> Computation {
        withoutActuallyEscaping(present) { present in
            var batch = Batch(version: version, now: now, present: present)
            let answer = batch.run(items)
            return batch.computation(answer)
        }
    }

    static func computed(
        _ transaction: Transaction, version: Version, at now: Timestamp, on present: (_ key: [UInt8]) -> Entry?
    ) -> Computation {
        withoutActuallyEscaping(present) { present in
            var batch = Batch(version: version, now: now, present: present)
            let answer = batch.run(transaction)
            return batch.computation(answer)
        }
    }

    /// One that is no batch, and may read another key.
    static func computed(
        _ item: KeyedWrite, version: Version, at now: Timestamp, on present: (_ key: [UInt8]) -> Entry?
    ) -> Computation {
        withoutActuallyEscaping(present) { present in
            Batch(version: version, now: now, present: present).compute(item)
        }
    }

    private init(version: Version, now: Timestamp, present: @escaping (_ key: [UInt8]) -> Entry?) {
        self.version = version
        self.now = now
        self.present = present
    }

    private func computation(_ answer: WriteAnswer) -> Computation {
        Computation(change: made.changes.isEmpty ? .nothing : .several(made.changes), answer: answer)
    }

    private mutating func run(_ transaction: Transaction) -> WriteAnswer {
        for (index, item) in transaction.expectations.enumerated() {
            let answer = compute(item).answer
            guard answer.tookEffect else { return .aborted(at: UInt32(index), answer) }
        }
        return .batch(transaction.batches.map { run($0) })
    }

    /// All of it or, where a required one does not take effect, nothing.
    private mutating func run(_ items: [KeyedWrite]) -> WriteAnswer {
        let before = made
        var answers: [WriteAnswer] = []
        for (index, item) in items.enumerated() {
            let computation = compute(item)
            if item.isRequired, !computation.answer.tookEffect {
                made = before
                return .aborted(at: UInt32(index), computation.answer)
            }
            take(computation, item.key)
            answers.append(computation.answer)
            guard made.bytes <= Limits.valueBytesMax else {
                made = before
                return .aborted(at: UInt32(index), .refused(.batchTooLarge))
            }
        }
        return .batch(answers)
    }

    private func compute(_ item: KeyedWrite) -> Computation {
        guard let write = item.write.resolved(entry) else {
            return Computation(change: .nothing, answer: .conflict(.nothing))
        }
        return write.computed(on: write.needsPresent ? entry(item.key) : nil, at: now)
    }

    private func entry(_ key: [UInt8]) -> Entry? { made.entries[key] ?? present(key) }

    private mutating func take(_ computation: Computation, _ key: [UInt8]) {
        made.bytes += computation.answer.bytes
        switch computation.change {
        case .set(let content, let expiry):
            made.entries[key] = .some(Entry(content, version: version, timestamp: now, expiry: expiry))
            made.bytes += key.count + content.bytes.count
        case .delete:
            made.entries[key] = .some(nil)
            made.bytes += key.count
        case .nothing, .several: return
        }
        let change = LogEntry.KeyedChange(key: key, change: computation.change)
        if let place = made.places[key] {
            made.changes[place] = change
        } else {
            made.places[key] = made.changes.count
            made.changes.append(change)
        }
    }
}

extension WriteAnswer {
    fileprivate var tookEffect: Bool {
        if case .written = self { true } else { false }
    }

    /// Of values in it.
    fileprivate var bytes: Int {
        switch self {
        case .written(.old(.entry(let entry))), .conflict(.entry(let entry)): entry.value.count
        case .written(.value(let value?)): value.count
        default: 0
        }
    }
}
