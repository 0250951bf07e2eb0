/// One write in a slot's log: what the primary computed, in the order it gave.
package struct LogEntry: Equatable, Sendable {
    package enum Change: Equatable, Sendable {
        case set(value: [UInt8], expiry: Timestamp?)
        case delete
        /// The operation was decided and changed nothing; the entry remembers its answer.
        case nothing
    }

    package let version: Version
    package let request: RequestID
    /// When the primary took the write.
    package let timestamp: Timestamp
    package let key: [UInt8]
    package let change: Change
    package let answer: WriteAnswer

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
    }

    /// The entry that it makes; nil: none.
    package var entry: Entry? {
        guard case .set(let value, let expiry) = change else { return nil }
        return Entry(value: value, version: version, timestamp: timestamp, expiry: expiry)
    }

    /// Bytes that it takes in memory and on the wire, roughly.
    package var size: Int {
        switch change {
        case .set(let value, _): key.count + value.count + 64
        case .delete, .nothing: key.count + 64
        }
    }
}
