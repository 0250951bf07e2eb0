import Cluster
import History
import XCTest

/// Histories whose verdict is known. Each line is one operation: what, its beginning, its end (nil: open),
/// its answer. Both checkers judge each of them.
final class KeyHistoryTests: XCTestCase {
    private struct Line {
        let call: KeyCall
        let begin: UInt64
        let end: UInt64?
        let result: KeyResult
    }

    private func op(_ call: KeyCall, _ begin: UInt64, _ end: UInt64?, _ result: KeyResult = .done) -> Line {
        Line(call: call, begin: begin, end: end, result: result)
    }
    private func get(_ value: String?, _ begin: UInt64, _ end: UInt64) -> Line {
        op(.get, begin, end, .value(value.map { Array($0.utf8) }))
    }
    private func set(_ value: String, _ begin: UInt64, _ end: UInt64?) -> Line {
        op(.set(Array(value.utf8)), begin, end)
    }
    private func cas(
        _ expected: String?, _ value: String, _ begin: UInt64, _ end: UInt64?, _ result: KeyResult = .done
    ) -> Line {
        let call = KeyCall.compareAndSet(
            expect: expected.map { Array($0.utf8) }, value: Array(value.utf8))
        return op(call, begin, end, result)
    }

    private func verdicts(_ lines: [Line], skew: Duration) -> [Verdict] {
        var history = KeyHistory(skew: skew)
        var checker = IncrementalChecker(skew: skew)
        let ticks = lines.flatMap { [$0.begin] + ($0.end.map { [$0] } ?? []) }.sorted()
        var ids: [UInt64: Int] = [:]
        for tick in ticks {
            let time = Instant(microseconds: tick)
            if let line = lines.first(where: { $0.begin == tick }) {
                let id = history.begin(line.call, at: tick, time: time)
                XCTAssertEqual(checker.begin(line.call, at: tick, time: time), id)
                ids[tick] = id
                if line.end == nil { checker.giveUp(id) }
            } else if let line = lines.first(where: { $0.end == tick }), let id = ids[line.begin] {
                history.end(id, line.result, at: tick, time: time)
                checker.end(id, line.result, at: tick, time: time)
            }
        }
        return [history.check(), checker.finish()]
    }

    private func expectLegal(_ lines: [Line], skew: Duration = .zero, line: UInt = #line) {
        XCTAssertEqual(verdicts(lines, skew: skew), [.linearizable, .linearizable], line: line)
    }

    private func expectIllegal(_ lines: [Line], skew: Duration = .zero, line: UInt = #line) {
        for verdict in verdicts(lines, skew: skew) {
            guard case .illegal = verdict else { return XCTFail("\(verdict)", line: line) }
        }
    }

    func test_check_staleRead_isIllegal() {
        expectIllegal([set("a", 1, 2), set("b", 3, 4), get("a", 5, 6)])
        expectLegal([set("a", 1, 2), set("b", 3, 7), get("a", 5, 6)])
    }

    func test_check_lostWrite_isIllegal() {
        expectIllegal([set("a", 1, 2), get(nil, 3, 4)])
        expectIllegal([set("a", 1, 2), op(.add(1), 3, 4, .number(1))])
    }

    func test_check_valueThatNobodyWrote_isIllegal() {
        expectIllegal([set("a", 1, 2), get("c", 3, 4)])
        expectIllegal([get("a", 1, 2), set("a", 3, 4)])
    }

    func test_check_readsOfConcurrentWrites_haveOneOrder() {
        let writes = [set("a", 1, 20), set("b", 2, 21)]
        expectLegal(writes + [get("a", 3, 4), get("b", 5, 6)])
        expectLegal(writes + [get("b", 3, 4), get("a", 5, 6)])
        expectIllegal(writes + [get("a", 3, 4), get("b", 5, 6), get("a", 7, 8)])
        expectLegal(writes + [get("a", 22, 23)])
        expectIllegal(writes + [get("a", 22, 23), get("b", 24, 25)])
    }

    func test_check_writeOfWhatIsThereAlready_countsFromWhenItWasPlaced() {
        let append = op(.append(Array("x".utf8)), 4, 5, .length(2))
        expectLegal([set("a", 1, 2), set("a", 3, 10), append, get("ax", 11, 12)])
        expectLegal([set("a", 1, 2), set("a", 3, 10), append, get("a", 11, 12)])
        expectIllegal([set("a", 1, 2), set("a", 6, 10), append, get("ax", 11, 12)])
    }

    func test_check_deletedKeyBack_isIllegal() {
        expectIllegal([set("a", 1, 2), op(.delete, 3, 4), get("a", 5, 6)])
        expectIllegal([set("a", 1, 2), op(.delete, 3, 10), get(nil, 4, 5), get("a", 6, 7)])
    }

    func test_check_openWrite_mayBeLateOrNeverButNotTwice() {
        expectLegal([set("a", 1, nil), set("b", 2, 3), get("b", 4, 5)])
        expectLegal([set("a", 1, nil), set("b", 2, 3), get("b", 4, 5), get("a", 6, 7)])
        expectIllegal([
            set("a", 1, nil), set("b", 2, 3), get("a", 4, 5), set("c", 6, 7), get("a", 8, 9),
        ])
        expectIllegal([get("a", 1, 2), set("a", 3, nil)])
    }

    func test_check_addAppliedTwice_isIllegal() {
        expectLegal([op(.add(3), 1, 2, .number(3)), get("3", 3, 4)])
        expectIllegal([op(.add(3), 1, 2, .number(3)), get("6", 3, 4)])
        expectIllegal([op(.add(3), 1, 2, .number(6))])
        expectLegal([op(.add(3), 1, nil), op(.add(1), 2, 3, .number(1)), get("4", 4, 5)])
        expectIllegal([op(.add(3), 1, nil), op(.add(1), 2, 3, .number(1)), get("7", 4, 5)])
    }

    func test_check_addsOfTwoClients_seeDifferentNumbers() {
        expectLegal([op(.add(1), 1, 10, .number(2)), op(.add(1), 2, 11, .number(1))])
        expectIllegal([op(.add(1), 1, 10, .number(1)), op(.add(1), 2, 11, .number(1))])
    }

    func test_check_addToNoNumberOrBeyond64Bits_isRejected() {
        expectLegal([set("x", 1, 2), op(.add(1), 3, 4, .rejected), get("x", 5, 6)])
        expectIllegal([set("5", 1, 2), op(.add(1), 3, 4, .rejected)])
        let most = String(Int64.max)
        expectLegal([set(most, 1, 2), op(.add(1), 3, 4, .rejected), get(most, 5, 6)])
        expectIllegal([set(most, 1, 2), op(.add(1), 3, 4, .number(.min))])
        expectIllegal([set("05", 1, 2), op(.add(1), 3, 4, .number(6))])
    }

    func test_check_appendAppliedTwice_isIllegal() {
        let x = KeyCall.append(Array("x".utf8))
        expectLegal([op(x, 1, 2, .length(1)), op(x, 3, 4, .length(2)), get("xx", 5, 6)])
        expectIllegal([op(x, 1, 2, .length(1)), get("xx", 3, 4)])
        expectIllegal([op(x, 1, 2, .length(2))])
        expectLegal([op(x, 1, nil), op(.append(Array("y".utf8)), 2, 3, .length(2)), get("xy", 4, 5)])
        expectIllegal([op(x, 1, nil), op(.append(Array("y".utf8)), 2, 3, .length(1)), get("xy", 4, 5)])
    }

    func test_check_compareAndSet_onlyOneSucceeds() {
        let b = KeyResult.conflict(Array("b".utf8))
        expectLegal([set("a", 1, 2), cas("a", "b", 3, 8), cas("a", "c", 4, 9, b)])
        expectIllegal([set("a", 1, 2), cas("a", "b", 3, 8), cas("a", "c", 4, 9)])
        expectIllegal([set("a", 1, 2), cas("a", "b", 3, 4, b)])
        expectLegal([cas(nil, "a", 1, nil), get("a", 2, 3)])
        expectIllegal([set("b", 1, 2), cas(nil, "a", 3, nil), get("a", 4, 5)])
        expectIllegal([cas("a", "a", 1, 2, .conflict(Array("a".utf8)))])
    }

    func test_check_expiry_mayBeSeenInItsWindowOnly() {
        let set = op(.set([97], ttl: .microseconds(100)), 10, 20)
        expectIllegal([set, get(nil, 30, 109)])
        expectLegal([set, get(nil, 30, 110), get("a", 111, 120)])
        expectLegal([set, get("a", 120, 121)])
        expectIllegal([set, get("a", 121, 122)])
        expectLegal([set, get("a", 121, 122)], skew: .microseconds(1))
        expectIllegal([set, get("a", 123, 124)], skew: .microseconds(1))
        expectLegal([set, get(nil, 30, 108)], skew: .microseconds(1))
        expectIllegal([set, get(nil, 30, 107)], skew: .microseconds(1))
    }

    func test_check_expiryOfAnOpenSet_hasNoLatest() {
        let set = op(.set([97], ttl: .microseconds(100)), 10, nil)
        expectLegal([set, get("a", 500, 501), get(nil, 600, 601)])
        expectIllegal([set, get("a", 20, 21), get(nil, 30, 31)])
    }

    func test_check_expiryThatTheAnswerTold_isNarrower() {
        let told = ExpiryWindow(expiry: Instant(microseconds: 112), skew: .zero)
        let set = op(.set([97], ttl: .microseconds(100)), 10, 20, .doneExpiring(told))
        expectIllegal([set, get("a", 113, 114)])
        expectIllegal([set, get(nil, 30, 111)])
    }

    func test_check_expiry_isKeptByAddAndTakenAwayByCompareAndSet() {
        let set = op(.set([49], ttl: .microseconds(100)), 10, 20)
        let add = op(.add(1), 30, 31, .number(2))
        expectIllegal([set, add, get("2", 200, 201)])
        expectLegal([set, add, get(nil, 200, 201)])
        expectLegal([set, cas("1", "2", 30, 31), get("2", 200, 201)])
        expectLegal([set, op(.add(1), 200, 201, .number(1)), get("1", 300, 301)])
    }

    func test_check_illegal_explainsTheShortestPrefix() {
        var lines = stride(from: UInt64(1), to: 160, by: 4).map { set("v\($0)", $0, $0 + 1) }
        lines.append(get("v153", 500, 501))
        lines.append(get("v5", 600, 601))
        for verdict in verdicts(lines, skew: .zero) {
            guard case .illegal(let text) = verdict else { return XCTFail() }
            XCTAssertTrue(text.contains("'v153'   <- not explained"), text)
            XCTAssertFalse(text.contains("600"), text)
            XCTAssertLessThan(text.split(separator: "\n").count, 19)
        }
    }

    func test_check_refusedOperation_didNothing() {
        var history = KeyHistory()
        history.refuse(history.begin(.set([97]), at: 1))
        let get = history.begin(.get, at: 2)
        history.end(get, .value([97]), at: 3)
        XCTAssertNotEqual(history.check(), .linearizable)
    }

    func test_check_tooFewSteps_isUndecided() {
        var history = KeyHistory()
        for tick in stride(from: UInt64(1), to: 20, by: 2) {
            history.end(history.begin(.set([97]), at: tick), .done, at: tick + 1)
        }
        XCTAssertEqual(history.check(stepsMax: 3), .undecided(steps: 4))
    }
}
