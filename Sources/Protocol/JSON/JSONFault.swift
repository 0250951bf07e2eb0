/// What is wrong with bytes that should be JSON.
package struct JSONFault: Error, Equatable, Sendable {
    /// One line that names what is wrong.
    package let message: String
    /// Where the next object begins cannot be told any more: answer, then close.
    package let closes: Bool

    package init(_ message: String, closes: Bool = false) {
        self.message = message
        self.closes = closes
    }
}
