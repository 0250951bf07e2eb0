/// What an increment came to, or how many bytes a value has after an append.
public struct TorcNumber: Equatable, Sendable {
    public let number: Int64
    public let version: String?
    /// By its node's clock (RFC 3339).
    public let timestamp: String?
    /// The node that answered.
    public let node: String?
}
