/// Why an operation has no result, in words that can be shown to a user.
public struct TorcError: Error, Sendable {
    public enum Code: String, Sendable {
        /// The request is none that a node would take: an empty key, a value that is too long. Nothing was sent.
        case invalidRequest
        /// A node read the request and refused it.
        case refused
        /// The ring has too much to do; nothing was done. Try later.
        case busy
        /// No server, or not enough of the ring, answered; the request was not carried out, or only read.
        case unavailable
        /// A write was sent and may or may not have taken effect.
        case outcomeUnknown
        /// The client has been closed.
        case closed
    }

    public let code: Code
    /// One line, without the code.
    public let message: String
    /// What lies beneath it, where something does.
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension TorcError: CustomStringConvertible {
    public var description: String { message }
}
