import Foundation
import XCTest

/// A test on real processes: it has a folder of its own, and ends every process that it started.
class IntegrationTestCase: XCTestCase {
    private(set) var folder = ""
    private var children: [ChildProcess] = []

    override func setUpWithError() throws {
        continueAfterFailure = false
        for program in [Programs.node, Programs.client] where access(program, X_OK) != 0 {
            throw GivenUp(description: "there is no \(program): scripts/test builds it")
        }
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("torc-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    override func tearDownWithError() throws {
        if let run = testRun, run.totalFailureCount > 0 { showLogs() }
        endProcesses()
        try FileManager.default.removeItem(atPath: folder)
    }

    private func showLogs() {
        for child in children {
            let state = child.exitCode.map { "ended with \($0)" } ?? "runs"
            print("--- \(child.name) (\(state)) ---")
            for line in child.errorLines.suffix(40) { print(line) }
        }
    }

    // MARK: Processes

    func endProcesses() {
        for child in children { child.end() }
        children = []
    }

    func start(
        _ program: String, _ arguments: [String], input: ChildProcess.Input = .nothing,
        environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let name = "\(URL(fileURLWithPath: program).lastPathComponent)-\(children.count + 1)"
        let child = try ChildProcess(
            program, arguments, folder: folder, name: name, input: input, environment: environment)
        children.append(child)
        return child
    }

    /// Starts a node of its own, with its data in the folder of the test.
    func startNode(_ id: String, port: UInt16, _ flags: [String] = [], data: String? = nil) throws -> NodeProcess {
        let arguments = ["-id", id, "-addr", "127.0.0.1:\(port)", "-data", data ?? dataPath(id)] + flags
        return NodeProcess(id: id, port: port, process: try start(Programs.node, arguments))
    }

    func dataPath(_ id: String) -> String { "\(folder)/data-\(id)" }

    /// A node that is ready, alone.
    func startLoneNode(_ flags: [String] = []) throws -> NodeProcess {
        let node = try startNode("server1", port: FreePorts.next(1)[0], flags)
        try node.waitUntilReady()
        return node
    }

    /// Runs a node that is expected to end by itself.
    func runNode(_ flags: [String]) throws -> ChildProcess {
        let process = try start(Programs.node, flags)
        _ = try process.waitForExit()
        return process
    }

    /// Runs `torc` to its end.
    func runClient(
        _ arguments: [String], input: ChildProcess.Input = .nothing, environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let process = try start(Programs.client, arguments, input: input, environment: environment)
        _ = try process.waitForExit()
        return process
    }
}
