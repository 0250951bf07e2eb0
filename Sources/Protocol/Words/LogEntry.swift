/// One write in a slot's log: what the primary computed, in the order it gave.
///
/// An object, since logs, batches and messages hand it on many times and never change it.
package final class LogEntry: Sendable {
    package enum Change: Equatable, Sendable {
        case set(Content, expiry: Timestamp?)
        case delete
        /// The operation was decided and changed nothing; the entry remembers its answer.
        case nothing
        /// Of several keys, each named once; none of them is `several`.
        case several([KeyedChange])
    }

    package struct KeyedChange: Equatable, Sendable {
        package let key: [UInt8]
        package let change: Change

        package init(key: [UInt8], change: Change) {
            self.key = key
            self.change = change
        }
    }

    package let version: Version
    package let request: RequestID
    /// When the primary took the write.
    package let timestamp: Timestamp
    package let key: [UInt8]
    package let change: Change
    package let answer: WriteAnswer
    /// Bytes that it takes in memory and on the wire, roughly.
    package let size: Int

    package init(
        version: Version, request: RequestID, timestamp: Timestamp, key: [UInt8], change: Change,
        answer: WriteAnswer = .written()
    ) {
        self.version = version
        self.request = request
        self.timestamp = timestamp
        self.key = key
        self.change = change
        self.answer = answer
        size = key.count + 64 + change.size
    }

    /// The entry that it makes under `key`; nil: none.
    package func entry(of key: [UInt8]) -> Entry? {
        guard case .several(let changes) = change else { return key == self.key ? entry(by: change) : nil }
        return changes.first { $0.key == key }.flatMap { entry(by: $0.change) }
    }

    /// What it changes: for each key the entry that it makes there; nil: none.
    package func forEachChange(_ body: (_ key: [UInt8], _ entry: Entry?) -> Void) {
        switch change {
        case .nothing: break
        case .set, .delete: body(key, entry(by: change))
        case .several(let changes):
            for item in changes where item.change != .nothing { body(item.key, entry(by: item.change)) }
        }
    }

    private func entry(by change: Change) -> Entry? {
        guard case .set(let content, let expiry) = change else { return nil }
        return Entry(content, version: version, timestamp: timestamp, expiry: expiry)
    }
}

extension LogEntry: Equatable {
    package static func == (left: LogEntry, right: LogEntry) -> Bool {
        left === right
            || left.version == right.version && left.request == right.request && left.timestamp == right.timestamp
                && left.key == right.key && left.change == right.change && left.answer == right.answer
    }
}

extension LogEntry.Change {
    package static func set(value: [UInt8], expiry: Timestamp?) -> Self { .set(.plain(value), expiry: expiry) }

    /// Bytes beside those of the key, roughly.
    fileprivate var size: Int {
        switch self {
        case .set(let content, _): content.bytes.count
        case .delete, .nothing: 0
        case .several(let changes): changes.reduce(0) { $0 + $1.key.count + $1.change.size + 32 }
        }
    }
}
