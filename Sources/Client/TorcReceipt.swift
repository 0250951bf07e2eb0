/// That a write has taken effect, at the consistency asked for.
public struct TorcReceipt: Equatable, Sendable {
    public let version: String?
    /// By its node's clock (RFC 3339).
    public let timestamp: String?
    /// The node that answered.
    public let node: String?
}
