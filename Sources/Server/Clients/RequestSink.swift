import Protocol

/// Who carries out what clients ask. Each token is answered once: through `Clients.complete`, or
/// `completeStatus`, at once or in a later turn, in any order.
protocol RequestSink: AnyObject {
    /// - Parameter name: the client's own for a write; nil where it gave none.
    func submit(
        _ operation: Operation, key: [UInt8], consistency: Consistency, token: UInt64, name: RequestName?)
    /// Asks how the ring is (`StatusReport`).
    func requestStatus(token: UInt64)
    /// An operator's command in words.
    func administer(_ text: String, token: UInt64)
}
