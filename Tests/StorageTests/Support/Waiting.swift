import Foundation
import XCTest

/// Polls until `condition` holds; fails when it does not within `seconds`.
func waitUntil(
    _ what: String, seconds: Double = 10, file: StaticString = #filePath, line: UInt = #line,
    _ condition: () throws -> Bool
) rethrows {
    let deadline = Date().addingTimeInterval(seconds)
    while try !condition() {
        if Date() > deadline {
            XCTFail("not within \(seconds) s: \(what)", file: file, line: line)
            return
        }
        usleep(1_000)
    }
}
