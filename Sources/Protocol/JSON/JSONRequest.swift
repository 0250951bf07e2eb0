/// A request of the public protocol (docs/protocol.md).
package struct JSONRequest: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case operation(Operation)
        /// How the ring is; the answer carries a JSON text in its value. It has no key.
        case status
        /// An operator's command in words; the answer carries words in its value. It has no key.
        case administration(String)
    }

    package let kind: Kind
    /// 1 to `Limits.keyBytesMax` bytes of UTF-8; empty for `status`.
    package let key: [UInt8]
    package let consistency: Consistency
    /// A scalar as the client wrote it, echoed byte for byte; nil where it sent none.
    package let id: [UInt8]?
    /// The client's own name for a write; nil where it gave none.
    package var name: RequestName?

    package init(
        kind: Kind, key: [UInt8] = [], consistency: Consistency = .quorum, id: [UInt8]? = nil,
        name: RequestName? = nil
    ) {
        self.kind = kind
        self.key = key
        self.consistency = consistency
        self.id = id
        self.name = name
    }
}
