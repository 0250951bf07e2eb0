/// What was there before a write, which has taken effect.
public struct TorcOld: Equatable, Sendable {
    public let receipt: TorcReceipt
    /// Nil where nothing was there, or, with a version, where the write had to be asked for again and the value was
    /// longer than the ring remembers.
    public let value: [UInt8]?
    /// Nil where nothing was there.
    public let version: String?
}
