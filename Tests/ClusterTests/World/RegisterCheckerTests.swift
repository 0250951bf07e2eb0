import XCTest

/// The checker itself, on histories whose verdict is known.
final class RegisterCheckerTests: XCTestCase {
    private func write(_ value: UInt8?, _ begin: Int, _ end: Int?) -> HistoryOperation {
        HistoryOperation(kind: .write(value.map { [$0] }), begin: begin, end: end)
    }

    private func read(_ value: UInt8?, _ begin: Int, _ end: Int) -> HistoryOperation {
        HistoryOperation(kind: .read(value.map { [$0] }), begin: begin, end: end)
    }

    func test_check_ofSequentialHistory_isRight() {
        XCTAssertTrue(RegisterChecker.isLinearizable([write(1, 1, 2), read(1, 3, 4), write(nil, 5, 6), read(nil, 7, 8)]))
    }

    func test_check_ofStaleRead_isWrong() {
        XCTAssertFalse(RegisterChecker.isLinearizable([write(1, 1, 2), write(2, 3, 4), read(1, 5, 6)]))
    }

    func test_check_ofLostWrite_isWrong() {
        XCTAssertFalse(RegisterChecker.isLinearizable([write(1, 1, 2), read(nil, 3, 4)]))
    }

    func test_check_ofConcurrentWrites_allowsEitherOrderButOnlyOne() {
        let writes = [write(1, 1, 10), write(2, 2, 9)]
        XCTAssertTrue(RegisterChecker.isLinearizable(writes + [read(1, 11, 12)]))
        XCTAssertTrue(RegisterChecker.isLinearizable(writes + [read(2, 11, 12)]))
        XCTAssertFalse(RegisterChecker.isLinearizable(writes + [read(1, 11, 12), read(2, 13, 14)]))
    }

    func test_check_ofUnknownWrite_mayHappenLateOrNeverButOnce() {
        let unknown = write(1, 1, nil)
        XCTAssertTrue(RegisterChecker.isLinearizable([unknown, read(nil, 2, 3)]))
        XCTAssertTrue(RegisterChecker.isLinearizable([unknown, read(nil, 2, 3), read(1, 4, 5)]))
        XCTAssertFalse(RegisterChecker.isLinearizable([unknown, read(1, 2, 3), write(2, 4, 5), read(1, 6, 7)]))
    }
}
