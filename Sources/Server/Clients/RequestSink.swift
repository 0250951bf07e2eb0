import Protocol

/// Who carries out what clients ask. Each token is answered once: through `Clients.complete`, or
/// `completeStatus`, at once or in a later turn, in any order.
protocol RequestSink: AnyObject {
    func submit(_ operation: ClientOperation, token: UInt64)
    /// These requests will come in a moment.
    func expect(_ requests: UnsafeBufferPointer<RequestView>)
    /// Carries requests out, one behind the other, as long as each is a GET or a SET for which nobody has to be asked or
    /// waited for. The answers leave with those of the turn, or behind them (`Clients.flush`).
    /// - Parameter answer: is told what each came to; returns whether it takes more.
    /// - Returns: how many were carried out; the next one, if `answer` takes more, is to be submitted.
    func carryOutAtOnce(_ requests: UnsafeBufferPointer<RequestView>, _ answer: (AnswerView) -> Bool) -> Int
    /// As `carryOutAtOnce`, of GETs that nothing has to be awaited for but that this node still is the primary. What
    /// `answer` is told counts once `Clients.confirm` says so of the first token; where the GETs are completed instead, each
    /// under its own, it does not.
    /// - Parameter token: of the first; those of the others follow.
    func readTogether(
        _ requests: UnsafeBufferPointer<RequestView>, token: UInt64, _ answer: (AnswerView) -> Bool
    ) -> Int
    /// Asks how many keys the ring has; the answer is a count.
    func requestKeyCount(token: UInt64)
    /// Asks how the ring is (`StatusReport`).
    func requestStatus(token: UInt64)
    /// An operator's command in words.
    func administer(_ text: String, token: UInt64)
}
