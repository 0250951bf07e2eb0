/// How a compare-and-set ended.
public enum TorcSwap: Equatable, Sendable {
    case done(TorcReceipt)
    /// Something else was there, and nothing has changed.
    /// - Parameter present: what was there; nil: nothing, or it has been replaced since by yet another value.
    case conflict(TorcValue?)
}
