/// Why a node ends before it was asked to: one line for the operator, and the exit code.
struct StartError: Error {
    static let badUsage: Int32 = 2
    static let failed: Int32 = 1

    let message: String
    let code: Int32

    init(_ message: String, code: Int32 = StartError.failed) {
        self.message = message
        self.code = code
    }
}
