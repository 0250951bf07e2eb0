/// A command that cannot be understood; one line that says how it should look.
struct UsageError: Error, Equatable {
    let message: String

    init(_ message: String) { self.message = message }
}
