import Protocol
import XCTest

@testable import Server

/// Commands that are not plain, and what the ring is told to expect of them.
final class KeyForesightTests: ClientsTestCase {
    private var taken: [String] = []

    private func increment(_ key: String) -> String { "*2\r\n$4\r\nINCR\r\n$\(key.utf8.count)\r\n\(key)\r\n" }

    /// - Returns: what the sink was told of, and how much of it when it was asked first.
    private func expected(after commands: [String], submissions: Int) throws -> (keys: [String], atFirst: Int?) {
        let client = try connect()
        client.send("PING\r\n")
        run { client.received.count == 7 }
        let told = sink.expected.count
        var atFirst: Int?
        sink.answerAtOnce = { [unowned self] submission in
            atFirst = atFirst ?? sink.expected.count - told
            taken.append(String(decoding: submission.key, as: UTF8.self))
            return .notFound
        }
        client.send(commands.joined())
        run { self.taken.count == submissions }
        return (sink.expected[told...].map { String(decoding: $0, as: UTF8.self) }, atFirst)
    }

    func test_eachOfAPipeline_isExpectedOnce_beforeItIsTakenUp() throws {
        let keys = (0..<40).map { "k\($0)" }
        let expected = try expected(after: keys.map(increment), submissions: 40)
        XCTAssertEqual(expected.keys, keys)
        XCTAssertEqual(expected.atFirst, LookAhead.countMax, "so many are looked at together")
        XCTAssertEqual(taken, keys)
    }

    func test_oneAlone_isNothingToExpect() throws {
        XCTAssertEqual(try expected(after: [increment("k")], submissions: 1).keys, [])
    }

    func test_plainOnesBetween_areTakenUpInTheirOrder() throws {
        let get = "*2\r\n$3\r\nGET\r\n$1\r\ng\r\n"
        let commands = [increment("a"), increment("b"), get, get, increment("c"), increment("d")]
        _ = try expected(after: commands, submissions: 6)
        XCTAssertEqual(taken, ["a", "b", "g", "g", "c", "d"])
    }

    func test_plainOnesBetween_leaveNothingUnexpected() throws {
        let gets = (0..<20).map { "*2\r\n$3\r\nGET\r\n$2\r\ng\($0 % 10)\r\n" }
        let keys = (0..<40).map { "k\($0)" }
        let commands = [increment("a"), increment("b")] + gets + keys.map(increment)
        let expected = try expected(after: commands, submissions: commands.count)
        XCTAssertEqual(expected.keys.filter { !$0.hasPrefix("g") }, ["a", "b"] + keys)
    }
}
