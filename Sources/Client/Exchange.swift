/// A request on its way to an answer.
struct Exchange {
    typealias Outcome = Result<Answer, TorcError>

    /// Who wants the answer.
    enum Asker {
        /// Called once, on the loop's thread.
        case caller(@Sendable (Outcome) -> Void)
        /// The client itself, to learn which servers there are.
        case session
    }

    /// The request as it goes on the wire.
    let bytes: [UInt8]
    /// It must not be sent twice: another client may have written in between.
    let isWrite: Bool
    let asker: Asker
    /// Milliseconds on the loop's clock; set when the loop takes it.
    var deadline: UInt64 = 0

    init(bytes: [UInt8], isWrite: Bool, asker: Asker) {
        self.bytes = bytes
        self.isWrite = isWrite
        self.asker = asker
    }

    var isFromSession: Bool {
        if case .session = asker { true } else { false }
    }

    func fail(_ error: TorcError) {
        if case .caller(let finish) = asker { finish(.failure(error)) }
    }
}
