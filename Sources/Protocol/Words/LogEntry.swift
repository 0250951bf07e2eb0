/// One write in a slot's log: what the primary computed, in the order it gave.
package struct LogEntry: Equatable, Sendable {
    package enum Change: Equatable, Sendable {
        case set(value: [UInt8], expiry: Timestamp?)
        case delete
    }

    package let version: Version
    package let request: RequestID
    /// When the primary took the write.
    package let timestamp: Timestamp
    package let key: [UInt8]
    package let change: Change

    package init(
        version: Version, request: RequestID, timestamp: Timestamp, key: [UInt8], change: Change
    ) {
        self.version = version
        self.request = request
        self.timestamp = timestamp
        self.key = key
        self.change = change
    }

    /// What the table holds under the key once this is applied; nil: nothing.
    package var entry: Entry? {
        switch change {
        case .set(let value, let expiry):
            Entry(value: value, version: version, timestamp: timestamp, expiry: expiry)
        case .delete: nil
        }
    }

    /// Bytes that it takes in memory and on the wire, roughly.
    package var size: Int {
        switch change {
        case .set(let value, _): key.count + value.count + 64
        case .delete: key.count + 64
        }
    }
}
