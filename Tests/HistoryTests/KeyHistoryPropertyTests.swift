import Cluster
import History
import XCTest

final class KeyHistoryPropertyTests: XCTestCase {
    private func mixes(_ random: inout Random, operations: ClosedRange<Int>) -> RandomHistory.Mix {
        let isShort = operations.upperBound < 10
        return RandomHistory.Mix(
            clients: Int.random(in: 2...4, using: &random),
            operations: Int.random(in: operations, using: &random),
            openPercent: (isShort ? [0, 20, 50] : [0, 20]).randomElement(using: &random) ?? 0,
            vaguePercent: (isShort ? [0, 10, 50] : [0, 5]).randomElement(using: &random) ?? 0,
            calls: HistoryMixes.all.randomElement(using: &random) ?? [],
            skew: .microseconds(Int64.random(in: 0...3, using: &random)))
    }

    func test_check_historiesOfARealRun_areLinearizable() {
        var random = Random(seed: 1)
        for seed in 0..<1500 {
            let mix = mixes(&random, operations: 5...40)
            let events = RandomHistory.events(mix, seed: UInt64(seed))
            XCTAssertEqual(events.recorded(skew: mix.skew).check(), .linearizable, "seed \(seed)")
            let checker = events.checkedIncrementally(skew: mix.skew, lookahead: seed % 8 * 10)
            XCTAssertEqual(checker.verdict, .linearizable, "seed \(seed)")
            XCTAssertEqual(checker.waitingCount, 0)
        }
    }

    func test_check_histories_agreesWithBruteForce() {
        var random = Random(seed: 2)
        var verdicts = [true: 0, false: 0]
        for seed in 0..<12_000 {
            let mix = mixes(&random, operations: 2...7)
            var events = RandomHistory.events(mix, seed: UInt64(seed))
            for _ in 0..<(seed % 3) { events = events.mutated(&random) }
            let history = events.recorded(skew: mix.skew)
            let expected = BruteForce.isLinearizable(history.operations)
            verdicts[expected, default: 0] += 1
            let whole = history.check() == .linearizable
            let piecewise =
                events.checkedIncrementally(skew: mix.skew, lookahead: seed % 6).verdict == .linearizable
            if whole == expected && piecewise == expected { continue }
            let text = history.operations.map(\.description).joined(separator: "\n")
            return XCTFail("seed \(seed): \(expected), search \(whole), piecewise \(piecewise)\n\(text)")
        }
        XCTAssertGreaterThan(verdicts[true] ?? 0, 3000)
        XCTAssertGreaterThan(verdicts[false] ?? 0, 3000)
    }

    func test_check_longerHistories_bothCheckersAgree() {
        var random = Random(seed: 3)
        var illegal = 0
        for seed in 0..<4000 {
            let mix = mixes(&random, operations: 8...30)
            var events = RandomHistory.events(mix, seed: UInt64(seed))
            if seed % 4 > 0 { events = events.mutated(&random) }
            let whole = events.recorded(skew: mix.skew).check()
            let piecewise = events.checkedIncrementally(skew: mix.skew, lookahead: seed % 30).verdict
            if case .undecided = whole { return XCTFail("seed \(seed): \(whole)") }
            illegal += whole == .linearizable ? 0 : 1
            guard (whole == .linearizable) != (piecewise == .linearizable) else { continue }
            return XCTFail("seed \(seed): search \(whole), piecewise \(piecewise)")
        }
        XCTAssertGreaterThan(illegal, 1000)
    }
}
