import Cluster
import XCTest

@testable import Simulator

/// The same seed, the same run: in one process, in another, and without optimization.
final class DeterminismTests: XCTestCase {
    private func result(_ seed: UInt64, span: Duration? = nil) -> RunResult {
        var request = PlanRequest(seed: seed)
        request.span = span
        let world = World(.made(by: request))
        world.run()
        return RunResult(of: world)
    }

    private func hash(_ result: RunResult) -> String { String(result.traceHash, radix: 16) }

    func test_run_ofOneSeedTwice_isTheSameRun() {
        for seed in UInt64(1)...12 {
            let (one, other) = (result(seed), result(seed))
            XCTAssertEqual(one.traceHash, other.traceHash, "seed \(seed)")
            XCTAssertEqual(one.counters, other.counters)
            XCTAssertEqual(one.elapsed, other.elapsed)
            XCTAssertEqual(one.failure, other.failure)
        }
    }

    func test_run_ofOtherSeeds_isAnotherRun() {
        let hashes = (UInt64(1)...12).map { result($0).traceHash }
        XCTAssertEqual(Set(hashes).count, hashes.count)
    }

    /// Who reads the trace must not change what happens.
    func test_run_thatIsTraced_isTheSameRun() {
        let plan = Plan.made(by: PlanRequest(seed: 3))
        var lines = 0
        let traced = World(plan) { _ in lines += 1 }
        traced.run()
        XCTAssertEqual(traced.traceHash, result(3).traceHash)
        XCTAssertGreaterThan(lines, 100)
    }

    /// Dictionary and Set have another order in each process: what depends on it differs there.
    func test_run_inAnotherProcess_isTheSameRun() throws {
        guard let program = SimulatorProgram.built else { throw XCTSkip("torc-sim is not built") }
        for seed in UInt64(1)...8 {
            XCTAssertEqual(try program.hash(ofSeed: seed), hash(result(seed)), "seed \(seed)")
        }
    }

    func test_run_withoutOptimization_isTheSameRun() throws {
        guard let program = SimulatorProgram.debug else {
            throw XCTSkip("TORC_SIM_DEBUG does not name a torc-sim that was built without optimization")
        }
        for seed in UInt64(1)...3 {
            XCTAssertEqual(
                try program.hash(ofSeed: seed, ["-time", "5s"]),
                hash(result(seed, span: .seconds(5))), "seed \(seed)")
        }
    }
}
