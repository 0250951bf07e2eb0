import History
import XCTest

@testable import Torture

/// That each law is checked: a history that keeps them all passes, and one that was tampered with does not.
final class HistoryCheckTests: XCTestCase {
    func test_goodHistory_keepsEveryLaw() throws {
        var maker = HistoryMaker()
        maker.register("r")
        maker.counter("c")
        maker.list("l")
        maker.finish()
        XCTAssertEqual(try maker.violations(), [])
    }

    func test_acknowledgedWriteIsLost() throws {
        var maker = HistoryMaker()
        maker.did("r", .set([1]), .done)
        maker.did("r", .set([2]), .done)
        maker.finish(reading: ["r": [1]])
        XCTAssertEqual(try maker.laws(), [.linearizable])
    }

    func test_staleRead() throws {
        var maker = HistoryMaker()
        maker.did("r", .set([1]), .done)
        maker.did("r", .set([2]), .done)
        maker.did("r", .get, .value([1]))
        maker.finish(reading: ["r": [2]])
        XCTAssertEqual(try maker.laws(), [.linearizable])
    }

    func test_overlappingReads_maySeeEither() throws {
        var maker = HistoryMaker()
        maker.did("r", .set([1]), .done)
        let write = maker.begin("r", .set([2]))
        maker.did("r", .get, .value([1]))
        maker.did("r", .get, .value([2]))
        maker.end(write, .done)
        maker.finish(reading: ["r": [2]])
        XCTAssertEqual(try maker.violations(), [])
    }

    func test_writeWithoutAnswer_mayTakeEffectOrNot() throws {
        for value in [[1], [2]] as [[UInt8]] {
            var maker = HistoryMaker()
            maker.did("r", .set([1]), .done)
            _ = maker.begin("r", .set([2]))
            maker.finish(reading: ["r": value])
            XCTAssertEqual(try maker.violations(), [])
        }
    }

    func test_refusedWrite_mustNotTakeEffect() throws {
        var maker = HistoryMaker()
        maker.did("r", .set([1]), .done)
        maker.refuse(maker.begin("r", .set([2])))
        maker.finish(reading: ["r": [2]])
        XCTAssertEqual(try maker.laws(), [.linearizable])
    }

    func test_counter_offByOne_eitherWay() throws {
        for sum in [4, 6] {
            var maker = HistoryMaker()
            maker.did("c", .add(2), .done)
            maker.did("c", .add(3), .done)
            maker.finish(reading: ["c": Array("\(sum)".utf8)])
            XCTAssertEqual(try maker.laws(), [.counters, .linearizable])
        }
    }

    func test_counter_withOpenIncrement_mayHaveIt() throws {
        for (sum, isGood) in [(4, false), (5, true), (6, true), (7, false)] {
            var maker = HistoryMaker()
            maker.did("c", .add(5), .number(5))
            _ = maker.begin("c", .add(1))
            maker.finish(reading: ["c": Array("\(sum)".utf8)])
            XCTAssertEqual(try maker.violations().isEmpty, isGood, "\(sum)")
        }
    }

    func test_list_lostDoubledAndStrangeElements() throws {
        for (list, isGood) in [("a;b;", true), ("a;", false), ("a;b;b;", false), ("a;b;c;", false)] {
            var maker = HistoryMaker()
            maker.did("l", .append(Array("a;".utf8)), .done)
            maker.did("l", .append(Array("b;".utf8)), .done)
            maker.finish(reading: ["l": Array(list.utf8)])
            XCTAssertEqual(try maker.laws(), isGood ? [] : [.lists, .linearizable], list)
        }
    }

    func test_list_openElement_atMostOnce() throws {
        for (list, isGood) in [("a;", true), ("a;b;", true), ("b;a;", true), ("a;b;b;", false)] {
            var maker = HistoryMaker()
            let open = maker.begin("l", .append(Array("b;".utf8)))
            maker.did("l", .append(Array("a;".utf8)), .done)
            maker.giveUp(open)
            maker.finish(reading: ["l": Array(list.utf8)])
            XCTAssertEqual(try maker.violations().isEmpty, isGood, list)
        }
    }

    func test_compareAndSet_thatLost_mustHaveMetAnotherValue() throws {
        var maker = HistoryMaker()
        maker.did("r", .set([1]), .done)
        maker.did("r", .compareAndSet(expect: [1], value: [2]), .conflict([1]))
        maker.finish(reading: ["r": [1]])
        XCTAssertEqual(try maker.laws(), [.linearizable])
    }

    func test_keyThatIsNotReadAtTheEnd() throws {
        var maker = HistoryMaker()
        maker.did("r", .set([1]), .done)
        maker.finish(reading: [:])
        XCTAssertEqual(try maker.laws(), [.readable])
    }

    func test_historyThatBreaksOff_isCheckedForWhatItHas() throws {
        var maker = HistoryMaker()
        maker.did("c", .add(2), .number(2))
        maker.did("c", .add(2), .number(3))
        XCTAssertEqual(try maker.laws(), [.linearizable])
    }

    func test_undecidedSearch_isAViolation() throws {
        var maker = HistoryMaker()
        maker.register("r")
        maker.finish()
        let laws = HistoryCheck(stepsMax: 1).violations(in: try HistoryFile(maker.records)).map(\.law)
        XCTAssertEqual(laws, [.decided])
    }
}
