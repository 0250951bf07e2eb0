/// An operation that has begun and, at the point that the incremental checker has come to, not ended.
struct OngoingOperation: Sendable {
    let operation: KeyOperation
    /// The open one before it for which it could stand (`KeyOperation.isTwin`).
    let twin: Int?
}
