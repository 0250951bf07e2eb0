import Foundation
import XCTest

@testable import Protocol

final class TimestampTests: XCTestCase {
    func test_rfc3339_ofKnownTimes_isTheirDate() {
        let known: [(UInt64, String)] = [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_001, "2000-02-29T00:00:00.001Z"),
            (1_795_251_600_123, "2026-11-21T09:00:00.123Z"),
            (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        ]
        for (milliseconds, text) in known {
            XCTAssertEqual(Timestamp(milliseconds: milliseconds).rfc3339, text)
        }
    }

    func test_rfc3339_beyondTheYear9999_isItsLastMoment() {
        XCTAssertEqual(Timestamp(milliseconds: .max).rfc3339, "9999-12-31T23:59:59.999Z")
    }

    func test_rfc3339_ofAnyTime_equalsFoundations() throws {
        let formatter = ISO8601DateFormatter()
        formatter.timeZone = try XCTUnwrap(TimeZone(secondsFromGMT: 0))
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let seconds = UInt64.random(in: 0..<253_402_300_800, using: &random)
            let expected = formatter.string(from: Date(timeIntervalSince1970: Double(seconds))).dropLast() + ".007Z"
            XCTAssertEqual(Timestamp(milliseconds: seconds * 1000 + 7).rfc3339, String(expected))
        }
    }
}
