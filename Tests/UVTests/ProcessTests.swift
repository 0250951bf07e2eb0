import Foundation
import XCTest

@testable import UV

final class ProcessTests: XCTestCase {
    func test_id_isThatOfThisProcess() { XCTAssertEqual(UV.Process.id, Int(ProcessInfo.processInfo.processIdentifier)) }

    /// That it grows with what is touched cannot be relied on: meanwhile the system may take back what earlier tests left.
    func test_residentBytes_areWhatTheSystemSays() throws {
        let slack = 16 << 20
        let before = try statedBytes()
        let told = UV.Process.residentBytes
        let after = try statedBytes()
        XCTAssertGreaterThan(told, 1 << 20)
        XCTAssertGreaterThan(told, min(before, after) - slack)
        XCTAssertLessThan(told, max(before, after) + slack)
    }

    private func statedBytes() throws -> Int {
        let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return try XCTUnwrap(Int(words[1])) * Int(getpagesize())
    }

    func test_sleep_lastsAsLongAsItSays() {
        let begin = ContinuousClock.now
        UV.Process.sleep(.milliseconds(20))
        XCTAssertGreaterThanOrEqual(ContinuousClock.now - begin, .milliseconds(19))
    }
}
