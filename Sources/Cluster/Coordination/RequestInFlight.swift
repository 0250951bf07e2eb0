import Protocol

/// A client's request that its coordinator has not answered.
final class RequestInFlight {
    let token: UInt64
    let request: RequestID
    let slot: Slot
    let key: [UInt8]
    let operation: Operation
    let consistency: Consistency
    let deadline: Instant
    /// The epoch of its first sending that may have been taken up, 0 where a client's was at another
    /// coordinator; nil: there was none.
    var firstEpoch: Epoch?
    /// How many sendings may have been taken up; all that a client did before count as one, for ever.
    var openSends: Int
    var sentEpoch: Epoch = 0
    /// Where it was sent last; nil: it waits to be sent.
    var target: NodeID?

    init(
        token: UInt64, request: RequestID, slot: Slot, key: [UInt8], operation: Operation,
        consistency: Consistency, deadline: Instant, isRetry: Bool
    ) {
        self.token = token
        self.request = request
        self.slot = slot
        self.key = key
        self.operation = operation
        self.consistency = consistency
        self.deadline = deadline
        firstEpoch = isRetry ? 0 : nil
        openSends = isRetry ? 1 : 0
    }

    /// Any copy answers reads at `one`.
    var isInOrder: Bool { consistency != .one || operation.isWrite }
}
