import Foundation

/// One life of a `torc-node`.
struct NodeProcess {
    let id: String
    let port: UInt16
    let process: ChildProcess

    /// Nil until it has said so.
    var readyLine: String? { process.outputLines.first { $0.contains(" ready on ") } }

    func waitUntilReady(within limit: Duration = .seconds(60)) throws {
        try poll(until: "\(id) is ready", within: limit) {
            if let code = process.exitCode {
                throw GivenUp(description: "\(id) ended with code \(code): \(process.errorLines.suffix(3))")
            }
            return readyLine != nil
        }
    }

    func waitUntilItSays(_ text: String, within limit: Duration = .seconds(30)) throws {
        try poll(until: "\(id) says \"\(text)\"", within: limit) { process.errors.contains(text) }
    }
}
