/// Why there is no measurement: one line that says what is wrong and what to do.
package struct BenchError: Error, Equatable {
    package let message: String
    /// The command line is wrong, and not what is measured.
    let isUsage: Bool

    package init(_ message: String) { self.init(message, isUsage: false) }

    init(_ message: String, isUsage: Bool) {
        self.message = message
        self.isUsage = isUsage
    }

    static func usage(_ message: String) -> BenchError { BenchError(message, isUsage: true) }
}
