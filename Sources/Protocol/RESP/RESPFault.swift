/// Why what a Redis client sent is no command. Its connection is closed after the answer, as Redis does.
package struct RESPFault: Error, Equatable, Sendable {
    /// In Redis's words, without `ERR`.
    package let message: String

    init(_ message: String) { self.message = "Protocol error: " + message }
}
