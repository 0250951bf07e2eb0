import Cluster
import Simulator
import XCTest

/// Long histories with many open writes take few steps. TORC_TIMES=1 prints how long they take.
final class KeyHistoryScaleTests: XCTestCase {
    private func events(_ calls: [KeyCall], clients: Int = 8, seed: UInt64) -> [RandomHistory.Event] {
        RandomHistory.events(
            RandomHistory.Mix(
                clients: clients, operations: 2000, openPercent: 3, vaguePercent: 0, calls: calls),
            seed: seed)
    }

    private static let mixes: [(name: String, calls: [KeyCall])] = [
        ("register", (0..<700).map { .set(HistoryMixes.bytes("v\($0)")) } + [.delete] + many(.get, 700)),
        ("counter", [.get, .add(1), .add(1), .add(1), .add(2), .add(5)]),
        (
            "list",
            (0..<500).map { .append(HistoryMixes.bytes("\($0),")) } + many(.get, 500) + many(.delete, 9)
        ),
        ("comparing", HistoryMixes.comparing),
        ("expiring", HistoryMixes.expiring),
        ("everything", HistoryMixes.everything),
    ]

    private static func many(_ call: KeyCall, _ count: Int) -> [KeyCall] {
        Array(repeating: call, count: count)
    }

    func test_check_longHistories_takeFewSteps() {
        for (name, calls) in Self.mixes {
            for seed in 0..<UInt64(3) {
                let events = events(calls, seed: seed)
                report("\(name) \(seed)") {
                    var search = LinearizationSearch(events.recorded().operations)
                    XCTAssertEqual(search.run(stepsMax: 400_000), .linearizable, "\(name) \(seed)")
                    return search.steps
                }
                report("\(name) \(seed) piecewise") {
                    let checker = events.checkedIncrementally()
                    XCTAssertEqual(checker.verdict, .linearizable, "\(name) \(seed)")
                    XCTAssertLessThan(checker.steps, 1_000_000)
                    return checker.steps
                }
            }
        }
    }

    func test_check_longIllegalHistories_takeFewSteps() {
        var random = Random(seed: 5)
        for (name, calls) in Self.mixes {
            for seed in 0..<UInt64(3) {
                let events = events(calls, seed: seed).mutated(&random).mutated(&random).mutated(&random)
                report("\(name) \(seed) mutated") {
                    var search = LinearizationSearch(events.recorded().operations)
                    XCTAssertNotEqual(search.run(stepsMax: 1_000_000), .undecided, "\(name) \(seed)")
                    return search.steps
                }
                report("\(name) \(seed) mutated piecewise") {
                    let checker = events.checkedIncrementally()
                    if case .undecided = checker.verdict { XCTFail("\(name) \(seed)") }
                    return checker.steps
                }
            }
        }
    }

    private func report(_ what: String, _ work: () -> Int) {
        var steps = 0
        let time = ContinuousClock().measure { steps = work() }
        if ProcessInfo.processInfo.environment["TORC_TIMES"] == nil { return }
        print("\(what): \(steps) steps, \(time)")
    }
}
