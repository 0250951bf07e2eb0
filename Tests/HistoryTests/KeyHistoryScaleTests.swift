import Cluster
import History
import XCTest

/// Long histories with many open writes take few steps. TORC_TIMES=1 prints how long they take.
final class KeyHistoryScaleTests: XCTestCase {
    private func events(_ calls: [KeyCall], clients: Int = 8, seed: UInt64) -> [RandomHistory.Event] {
        RandomHistory.events(
            RandomHistory.Mix(
                clients: clients, operations: 2000, openPercent: 3, vaguePercent: 0, calls: calls),
            seed: seed)
    }

    /// As a workload should be: what it writes can be told apart.
    private static let mixes: [(name: String, calls: [KeyCall])] = [
        ("register", (0..<700).map { .set(HistoryMixes.bytes("v\($0)")) } + [.delete] + many(.get, 700)),
        ("counter", [.get, .add(1), .add(1), .add(1), .add(1000)]),
        ("list", (0..<500).map { .append(HistoryMixes.bytes("\($0),")) } + many(.get, 500)),
        (
            "comparing",
            (0..<400).map { .compareAndSet(expect: number($0 / 20), value: number($0 % 20)) }
                + (0..<20).map { .set(number($0)) } + many(.get, 400)
        ),
        (
            "expiring",
            (0..<400).map { .set(HistoryMixes.bytes("v\($0)"), ttl: .microseconds(5 + $0 % 40)) }
                + many(.get, 600) + many(.delete, 20)
        ),
    ]

    /// Few values that are written again and again leave many more explanations.
    private static let hardMixes: [(name: String, calls: [KeyCall])] = [
        (
            "list with deletes",
            (0..<500).map { .append(HistoryMixes.bytes("\($0),")) } + many(.get, 500) + many(.delete, 9)
        ),
        ("few values, counter", [.get, .add(1), .add(1), .add(2), .delete]),
        ("few values", HistoryMixes.comparing), ("few values, expiring", HistoryMixes.expiring),
        ("few values, all calls", HistoryMixes.everything),
    ]

    private static func number(_ number: Int) -> [UInt8] { HistoryMixes.bytes("\(number)") }

    private static func many(_ call: KeyCall, _ count: Int) -> [KeyCall] {
        Array(repeating: call, count: count)
    }

    func test_check_longHistories_takeFewSteps() {
        for (name, calls) in Self.mixes + Self.hardMixes {
            for seed in 0..<UInt64(3) {
                let operations = events(calls, seed: seed).recorded().operations
                report("\(name) \(seed), \(operations.filter { $0.end == nil }.count) open") {
                    var search = LinearizationSearch(operations)
                    XCTAssertEqual(search.run(stepsMax: 50_000), .linearizable, "\(name) \(seed)")
                    return search.steps
                }
            }
        }
    }

    func test_advance_longHistories_takesFewSteps() {
        for (name, calls) in Self.mixes {
            for seed in 0..<UInt64(3) {
                let events = events(calls, seed: seed)
                report("\(name) \(seed) piecewise") {
                    let checker = events.checkedIncrementally()
                    XCTAssertEqual(checker.verdict, .linearizable, "\(name) \(seed)")
                    XCTAssertLessThan(checker.steps, 500_000, "\(name) \(seed)")
                    return checker.steps
                }
            }
        }
    }

    func test_check_longIllegalHistories_areDecided() {
        var random = Random(seed: 5)
        for (name, calls) in Self.mixes {
            for seed in 0..<UInt64(3) {
                let events = events(calls, seed: seed).mutated(&random).mutated(&random).mutated(&random)
                let history = events.recorded()
                report("\(name) \(seed) mutated") {
                    if case .undecided = history.check() { XCTFail("\(name) \(seed)") }
                    return 0
                }
            }
        }
    }

    private func report(_ what: String, _ work: () -> Int) {
        var steps = 0
        let time = ContinuousClock().measure { steps = work() }
        if ProcessInfo.processInfo.environment["TORC_TIMES"] == nil { return }
        print("\(what): \(steps == 0 ? "" : "\(steps) steps, ")\(time)")
    }
}
