import Foundation
import XCTest

/// The short form of `scripts/torture`: the long one takes minutes (docs/testing.md).
final class TortureTests: IntegrationTestCase {
    private func torture(_ flags: [String], environment: [String: String] = [:]) throws -> ChildProcess {
        let process = try start(
            Programs.torture, ["-dir", "\(folder)/torture", "-bin", Programs.folder] + flags, environment: environment)
        _ = try process.waitForExit(within: .seconds(300))
        return process
    }

    func test_ringUnderEveryKindOfFault_keepsEveryLaw() throws {
        let process = try torture(["-time", "30s"])
        XCTAssertEqual(process.exitCode, 0, process.output + process.errors)
        XCTAssertEqual(process.outputLines.last, "verdict: every law was kept", process.output)
    }

    /// That it can fail: nodes that do again what is sent again, and clients that hang up on one of fifty writes.
    func test_nodesWithADefect_areFound() throws {
        let process = try torture(
            ["-time", "10s", "-nodes", "3", "-clients", "24", "-faults", "kill"],
            environment: ["TORC_DEFECT": "apply-twice"])
        XCTAssertEqual(process.exitCode, 1, process.output)
        // Of a counter mostly; of whichever key was done twice first.
        XCTAssertTrue(process.output.contains("VIOLATION of \""), process.output)
        let check = try start(Programs.torture, ["check", "\(folder)/torture/history.txt"])
        XCTAssertEqual(try check.waitForExit(), 1, check.output)
    }
}
