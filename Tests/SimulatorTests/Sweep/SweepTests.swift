import Cluster
import Foundation
import Synchronization
import XCTest

@testable import Simulator

/// Many worlds, each of another kind; every law holds in all of them.
final class SweepTests: XCTestCase {
    private var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    private func sweep(_ seeds: Range<UInt64>, within limit: Duration? = nil) -> SweepSummary {
        let begin = ContinuousClock.now
        let summary = Mutex(SweepSummary())
        Sweep(PlanRequest(seed: 0), seeds: seeds) { result in
            summary.withLock { $0.add(result) }
            return limit.map { ContinuousClock.now - begin < $0 } ?? true
        }.run(jobs: cores)
        return summary.withLock { $0 }
    }

    private func report(_ summary: SweepSummary) {
        for result in summary.failed {
            XCTFail("\(result.failure.map { "\($0)" } ?? "")\nagain: torc-sim -replay \(result.seed) -trace")
        }
    }

    func test_fixedSeeds_holdEveryLaw() {
        let summary = sweep(1..<61)
        XCTAssertEqual(summary.runs, 60)
        report(summary)
    }

    /// Those that found a fault last. Where plans or code have changed since, their worlds are others by now.
    func test_seedsThatFoundFaults_holdEveryLaw() {
        for seed: UInt64 in [207_471, 207_665, 238_347, 243_974, 257_019] { report(sweep(seed..<(seed + 1))) }
    }

    /// For a minute, or for as many seconds as TORC_SIM_SECONDS says.
    func test_freshSeeds_holdEveryLaw() {
        let seconds = ProcessInfo.processInfo.environment["TORC_SIM_SECONDS"].flatMap { Int64($0) } ?? 60
        let first = UInt64.random(in: 1_000_000..<1_000_000_000_000)
        print("fresh seeds from \(first) on, for \(seconds) s")
        let summary = sweep(first..<(first + 1_000_000_000), within: .seconds(seconds))
        print(
            "\(summary.runs) runs, \(summary.elapsed.wholeMilliseconds / 1_000) s of virtual time, "
                + "\(summary.counters.operations) operations, \(summary.counters.faults) faults, "
                + "\(summary.failed.count) failed")
        XCTAssertGreaterThan(summary.runs, 0)
        report(summary)
    }

    func test_sweep_callsBackOnceForEachSeed() {
        let seeds = Mutex<[UInt64]>([])
        var request = PlanRequest(seed: 0)
        request.span = .milliseconds(100)
        request.faults = []
        Sweep(request, seeds: 40..<52) { result in
            seeds.withLock { $0.append(result.seed) }
            return true
        }.run(jobs: 3)
        XCTAssertEqual(seeds.withLock { $0.sorted() }, Array(40..<52))
    }

    func test_sweep_thatIsToldToEnd_beginsNoFurtherRun() {
        let runs = Mutex(0)
        var request = PlanRequest(seed: 0)
        request.span = .milliseconds(100)
        request.faults = []
        Sweep(request, seeds: 0..<1_000) { _ in
            runs.withLock {
                $0 += 1
                return $0 < 5
            }
        }.run(jobs: 2)
        XCTAssertTrue((5...6).contains(runs.withLock { $0 }))
    }
}
