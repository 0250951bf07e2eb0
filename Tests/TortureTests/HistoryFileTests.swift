import History
import XCTest

@testable import Torture

final class HistoryFileTests: XCTestCase {
    private static let records: [Record] = {
        let calls: [(KeyCall, KeyResult)] = [
            (.get, .value(nil)), (.get, .value([])), (.get, .value([0, 32, 37, 61, 128, 255, 65])),
            (.set([10]), .done), (.delete, .done), (.add(-3), .number(-3)), (.add(.max), .rejected),
            (.append([59]), .length(12)), (.compareAndSet(expect: nil, value: [1]), .done),
            (.compareAndSet(expect: [], value: [32]), .conflict(nil)),
            (.compareAndSet(expect: [45], value: []), .conflict([45])),
        ]
        var maker = HistoryMaker()
        for (call, result) in calls { maker.did("key", call, result) }
        maker.refuse(maker.begin("key", .get))
        maker.giveUp(maker.begin("key", .delete))
        return maker.records + [.fault(time: 90, text: "kill: server1, for 3 ms"), .final(time: 91)]
    }()

    func test_everyRecord_isReadAsItWasWritten() throws {
        for record in HistoryFileTests.records {
            XCTAssertEqual(try Record(line: record.text[...]), record)
            XCTAssertFalse(record.text.contains("\n"))
        }
    }

    func test_file_isReadBack_withoutCommentsAndATornEnd() throws {
        let lines = [Record.head, "# seed 1"] + HistoryFileTests.records.map(\.text)
        let file = try HistoryFile(lines.joined(separator: "\n") + "\ne 13 99 do")
        XCTAssertEqual(file.operations, 13)
        XCTAssertEqual(file.answered, 11)
        XCTAssertEqual(file.refused, 1)
        XCTAssertEqual(file.open, 1)
        XCTAssertTrue(file.isWhole)
    }

    func test_badFiles_areRefused() {
        let head = Record.head + "\n"
        let bad = [
            "", "torc-torture history 2\n", head + "q 1 2\n", head + "b 1 2 3 s k\n",
            head + "b 1 2 3 s k set -\n", head + "b 1 2 3 s k set =%4\n", head + "e 1 2 done\n",
            head + "b 1 2 3 s k get\nb 1 2 3 s k get\n", head + "b 1 2 3 s k get\ne 1 3 done\n",
            head + "b 1 2 3 s k get\ne 1 1 value -\n", head + "b 1 2 3 s k get\ne 1 3 value -\ne 1 3 value -\n",
        ]
        for text in bad {
            XCTAssertThrowsError(try HistoryFile(text), text)
        }
    }
}
