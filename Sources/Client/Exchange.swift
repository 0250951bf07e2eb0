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

    /// The request as it goes on the wire the first time.
    let bytes: [UInt8]
    let isWrite: Bool
    /// Whether it may be sent twice: a write without a name could overwrite what another client wrote since.
    let mayRepeat: Bool
    let asker: Asker
    /// Milliseconds on the loop's clock; set when the loop takes it.
    var deadline: UInt64 = 0
    /// Whether a server may have it.
    var wasSent = false

    /// - Parameter isNamed: the ring knows it again when it is sent again.
    init(bytes: [UInt8], isWrite: Bool, isNamed: Bool = false, asker: Asker) {
        self.bytes = bytes
        self.isWrite = isWrite
        mayRepeat = !isWrite || isNamed
        self.asker = asker
    }

    /// Appends the request as it is to be sent next.
    func write(to output: inout [UInt8]) {
        guard wasSent, isWrite else { return output.append(contentsOf: bytes) }
        // Every request ends with a bracket and a newline.
        output.append(contentsOf: bytes.dropLast(2))
        output.append(contentsOf: ",\"retry\":true}\n".utf8)
    }

    var isFromSession: Bool {
        if case .session = asker { true } else { false }
    }

    func fail(_ error: TorcError) {
        if case .caller(let finish) = asker { finish(.failure(error)) }
    }

    /// Ends it without an answer: of a write that was sent nobody knows the outcome.
    func giveUp(_ code: TorcError.Code, _ reason: String, cause: (any Error)? = nil) {
        guard isWrite, wasSent else { return fail(TorcError(code, reason, cause: cause)) }
        let what = reason.hasPrefix("unavailable: ") ? String(reason.dropFirst(13)) : reason
        fail(
            TorcError(
                .outcomeUnknown, "outcome unknown: \(what); the write may or may not have taken effect",
                cause: cause))
    }
}
