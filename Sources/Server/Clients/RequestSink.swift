import Protocol

/// Who carries out what clients ask. Each token is answered once: through `Clients.complete`, or
/// `completeStatus`, at once or in a later turn, in any order.
protocol RequestSink: AnyObject {
    func submit(_ operation: ClientOperation, token: UInt64)
    /// These keys will be asked for in a moment.
    func expect(_ keys: UnsafeBufferPointer<ExpectedKey>)
    /// A GET that can be answered at once.
    /// - Parameter body: is shown the value within the call; nil: there is none.
    /// - Returns: whether it was called; else the request is to be submitted.
    func readAtOnce(
        _ key: UnsafeRawBufferPointer, slot: Slot, _ consistency: Consistency, _ body: (UnsafeRawBufferPointer?) -> Void
    ) -> Bool
    /// A SET of a value that does not expire, where nobody has to be asked or waited for. The answer may leave at the end
    /// of the turn.
    /// - Returns: the version of what was written; nil: the request is to be submitted.
    func writeAtOnce(
        _ value: UnsafeRawBufferPointer, at key: UnsafeRawBufferPointer, slot: Slot
    ) -> Version?
    /// Asks how many keys the ring has; the answer is a count.
    func requestKeyCount(token: UInt64)
    /// Asks how the ring is (`StatusReport`).
    func requestStatus(token: UInt64)
    /// An operator's command in words.
    func administer(_ text: String, token: UInt64)
}
