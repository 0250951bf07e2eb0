/// What a ring holds under a key.
public struct TorcValue: Equatable, Sendable {
    public let bytes: [UInt8]
    /// Of the write that it is from; grows with every write of the key.
    public let version: String?
    /// When that write took place, by its node's clock (RFC 3339). For people only: no order depends on it.
    public let timestamp: String?
    /// The node that answered.
    public let node: String?

    /// The value as text, or nil where it is not UTF-8.
    public var text: String? { String(validating: bytes, as: UTF8.self) }
}
