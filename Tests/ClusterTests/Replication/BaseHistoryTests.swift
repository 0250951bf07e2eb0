import Protocol
import XCTest

@testable import Cluster

final class BaseHistoryTests: XCTestCase {
    private func base(_ epoch: Epoch) -> Version { Version(epoch: epoch - 1, sequence: UInt64(epoch)) }

    private func history(_ epochs: some Sequence<Epoch>) -> BaseHistory {
        var history = BaseHistory()
        for epoch in epochs { history.add(base(epoch), of: epoch, after: epoch - 1) }
        return history
    }

    func test_base_ofEachEpochThatWasAdded_isFound() {
        for count in 0...4 as ClosedRange<Epoch> {
            let history = history(1..<(count + 1))
            for epoch in 1..<(count + 1) {
                XCTAssertEqual(history[epoch], base(epoch))
                XCTAssertEqual(history.next(after: epoch - 1)?.epoch, epoch)
            }
            XCTAssertNil(history[count + 1])
            XCTAssertNil(history.next(after: count))
        }
    }

    func test_history_ofMoreThanItKeeps_hasTheLatest() {
        let max = Epoch(BaseHistory.epochsMax)
        let history = history(1...(max + 5))
        XCTAssertEqual(history, self.history(6...(max + 5)))
        XCTAssertNil(history[5])
    }

    func test_history_writtenAndRead_isTheSame() throws {
        for epochs in [[], [4], [1, 2, 5], Array(1...40)] as [[Epoch]] {
            let history = history(epochs)
            var writer = ByteWriter()
            writer.write(history)
            var reader = ByteReader(writer.bytes)
            XCTAssertEqual(try BaseHistory(from: &reader), history)
            XCTAssertTrue(reader.isAtEnd)
        }
    }

    /// As it is on disk: their number, then each with its base and what it follows, ascending.
    func test_history_asBytes_isAsItAlwaysWas() {
        var writer = ByteWriter()
        writer.write(history([2, 3]))
        var expected = ByteWriter()
        expected.write(UInt32(2))
        for epoch in [2, 3] as [Epoch] {
            expected.write(epoch)
            expected.write(base(epoch))
            expected.write(epoch - 1)
        }
        XCTAssertEqual(writer.bytes, expected.bytes)
    }
}
