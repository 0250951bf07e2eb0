import XCTest

@testable import Cluster

final class TokenBucketTests: XCTestCase {
    private func at(_ milliseconds: UInt64) -> Instant { Instant(microseconds: 1_000_000 + milliseconds * 1_000) }

    /// Sends pieces of `bytes` for as long as it may, looking every millisecond.
    private func sent(rate: Int, piece: Int, milliseconds: UInt64) -> Int {
        var bucket = TokenBucket(rate: rate, capacity: .milliseconds(100), now: at(0))
        var total = 0
        for time in 0...milliseconds {
            while bucket.isOpen(now: at(time)) {
                bucket.take(piece)
                total += piece
            }
        }
        return total
    }

    func test_rate_isKept_whateverTheSizeOfPieces() {
        for piece in [100, 10_000, 262_144] {
            let total = sent(rate: 1_000_000, piece: piece, milliseconds: 10_000)
            // What was in it, and one piece beyond.
            XCTAssertGreaterThanOrEqual(total, 10_000_000, "\(piece)")
            XCTAssertLessThanOrEqual(total, 10_100_000 + piece + 1_000, "\(piece)")
        }
    }

    func test_oddRate_losesNothingToRounding() {
        XCTAssertGreaterThanOrEqual(sent(rate: 1_500, piece: 1, milliseconds: 10_000), 14_990)
    }

    func test_rest_doesNotSaveUpMoreThanAMoment() {
        var bucket = TokenBucket(rate: 1_000_000, capacity: .milliseconds(100), now: at(0))
        bucket.take(100_000)
        XCTAssertFalse(bucket.isOpen(now: at(0)))
        XCTAssertTrue(bucket.isOpen(now: at(60_000)))
        bucket.take(100_000)
        XCTAssertFalse(bucket.isOpen(now: at(60_000)))
    }

    func test_rateOfZero_isNoLimit() {
        var bucket = TokenBucket(rate: 0, capacity: .milliseconds(100), now: at(0))
        bucket.take(1 << 40)
        XCTAssertTrue(bucket.isOpen(now: at(0)))
    }

    func test_slowRate_losesNoFractions() {
        var bucket = TokenBucket(rate: 10, capacity: .milliseconds(100), now: at(0))
        bucket.take(2)
        var opened: UInt64?
        for time in 1...300 where opened == nil && bucket.isOpen(now: at(UInt64(time))) { opened = UInt64(time) }
        XCTAssertEqual(opened, 200)
    }

    func test_hugeRate_doesNotTrap() {
        var bucket = TokenBucket(rate: .max, capacity: .milliseconds(100), now: at(0))
        bucket.take(1)
        XCTAssertTrue(bucket.isOpen(now: at(10_000_000)))
    }
}
