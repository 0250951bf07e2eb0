/// A client's own name for a write, so that it can send it again (docs/protocol.md).
package struct RequestName: Equatable, Sendable {
    /// 1 to `Limits.clientNameBytesMax` bytes.
    package let client: [UInt8]
    /// Counts the client's writes.
    package let sequence: UInt64
    /// Whether the client may have sent it before.
    package let isRetry: Bool

    package init(client: [UInt8], sequence: UInt64, isRetry: Bool) {
        self.client = client
        self.sequence = sequence
        self.isRetry = isRetry
    }
}
