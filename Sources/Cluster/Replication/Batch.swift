import Protocol

/// Computes several writes of one slot as one: each on what those before it left.
///
/// Invariant: what it comes to is what the writes would come to one after another, or, where a required one does
/// not take effect, nothing at all.
struct Batch {
    private let version: Version
    private let now: Timestamp
    private let present: (_ key: [UInt8]) -> Entry?
    /// What the writes so far have made of a key; nil: nothing.
    private var made: [[UInt8]: Entry?] = [:]
    private var changes: [LogEntry.KeyedChange] = []
    private var answers: [WriteAnswer] = []
    private var bytes = 0

    /// - Parameters:
    ///   - version: that of the whole.
    ///   - present: what is under a key after all writes before this one; nil: nothing, or it has expired.
    static func computed(
        _ items: [KeyedWrite], version: Version, at now: Timestamp, on present: (_ key: [UInt8]) -> Entry?
    ) -> Computation {
        withoutActuallyEscaping(present) { present in
            var batch = Batch(version: version, now: now, present: present)
            return batch.run(items)
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

    private mutating func run(_ items: [KeyedWrite]) -> Computation {
        for (index, item) in items.enumerated() {
            let computation = compute(item)
            if item.isRequired, !computation.answer.tookEffect { return abort(at: index, computation.answer) }
            take(computation, item.key)
            guard bytes <= Limits.valueBytesMax else { return abort(at: index, .refused(.batchTooLarge)) }
        }
        return Computation(change: changes.isEmpty ? .nothing : .several(changes), answer: .batch(answers))
    }

    private func abort(at index: Int, _ answer: WriteAnswer) -> Computation {
        Computation(change: .nothing, answer: .aborted(at: UInt32(index), answer))
    }

    private func compute(_ item: KeyedWrite) -> Computation {
        guard let write = item.write.resolved(entry) else {
            return Computation(change: .nothing, answer: .conflict(.nothing))
        }
        return write.computed(on: write.needsPresent ? entry(item.key) : nil, at: now)
    }

    private func entry(_ key: [UInt8]) -> Entry? { made[key] ?? present(key) }

    private mutating func take(_ computation: Computation, _ key: [UInt8]) {
        answers.append(computation.answer)
        bytes += computation.answer.bytes
        switch computation.change {
        case .set(let value, let expiry):
            made[key] = .some(Entry(value: value, version: version, timestamp: now, expiry: expiry))
            bytes += key.count + value.count
        case .delete:
            made[key] = .some(nil)
            bytes += key.count
        case .nothing, .several: return
        }
        // Each key once: the latest counts.
        changes.removeAll { $0.key == key }
        changes.append(LogEntry.KeyedChange(key: key, change: computation.change))
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
