import XCTest

@testable import Protocol

final class VersionTests: XCTestCase {
    func test_init_ofParts_givesThemBack() {
        for (epoch, sequence) in [(0, 0), (1, 1), (3, 17), (Version.epochMax, Version.sequenceMax)] as [(Epoch, UInt64)] {
            let version = Version(epoch: epoch, sequence: sequence)
            XCTAssertEqual(version.epoch, epoch)
            XCTAssertEqual(version.sequence, sequence)
        }
        XCTAssertEqual(Version(epoch: 3, sequence: 17).description, "3.17")
    }

    func test_order_isEpochFirst() {
        XCTAssertLessThan(Version(epoch: 1, sequence: Version.sequenceMax), Version(epoch: 2, sequence: 0))
        XCTAssertLessThan(Version(epoch: 2, sequence: 1), Version(epoch: 2, sequence: 2))
        XCTAssertLessThan(Version.zero, Version(epoch: 1, sequence: 1))
    }

    func test_next_inSameEpoch_isTheFollowingSequence() {
        XCTAssertEqual(Version(epoch: 2, sequence: 5).next(in: 2), Version(epoch: 2, sequence: 6))
    }

    func test_next_inLaterEpoch_beginsAtOne() {
        XCTAssertEqual(Version(epoch: 2, sequence: 5).next(in: 3), Version(epoch: 3, sequence: 1))
        XCTAssertEqual(Version.zero.next(in: 1), Version(epoch: 1, sequence: 1))
    }

    func test_next_atTheLastSequence_isNil() {
        XCTAssertNil(Version(epoch: 2, sequence: Version.sequenceMax).next(in: 2))
    }
}
