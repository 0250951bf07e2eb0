import Foundation
import XCTest

/// `torc-sim` as a process of its own.
struct SimulatorProgram {
    let path: String

    /// The one that is beside the test bundle, or in the folder that TORC_BIN names; nil: it was not built.
    static var built: SimulatorProgram? {
        let folder = ProcessInfo.processInfo.environment["TORC_BIN"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        return SimulatorProgram(existingAt: folder.appendingPathComponent("torc-sim").path)
    }

    /// One that was built without optimization.
    static var debug: SimulatorProgram? {
        ProcessInfo.processInfo.environment["TORC_SIM_DEBUG"].flatMap { SimulatorProgram(existingAt: $0) }
    }

    private init?(existingAt path: String) {
        guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
        self.path = path
    }

    /// - Returns: what it printed.
    func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        // To the end: else it could wait for a full pipe for ever.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    /// The hash of the trace of that seed's run.
    func hash(ofSeed seed: UInt64, _ arguments: [String] = []) throws -> String {
        let output = try run(["-seed", "\(seed)", "-hash"] + arguments)
        let line = output.split(separator: "\n").first { $0.hasPrefix("trace ") }
        return String(try XCTUnwrap(line, "no hash in: \(output)").dropFirst("trace ".count))
    }
}
