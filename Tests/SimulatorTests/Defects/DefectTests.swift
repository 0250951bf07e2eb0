import Cluster
import Simulator
import Synchronization
import XCTest

/// The checks are proven by defects: each is found within a stated number of seeds, and without one nothing is.
final class DefectTests: XCTestCase {
    /// Where a defect is looked for.
    private struct Hunt {
        /// Nil: in worlds of every kind.
        var faults: Set<FaultKind>?
        var seedsMax: UInt64 = 300
    }

    /// Defects that need two nodes to believe in two epochs at once show in the midst of a cut; elsewhere it
    /// takes ten times as many seeds.
    private static let inCuts: Set<Defect> = [.followWhileSealed, .sealSilently, .readWithoutConfirmation]

    private func hunt(for defect: Defect) -> Hunt {
        Hunt(faults: Self.inCuts.contains(defect) ? [.partition] : nil)
    }

    /// The failure of the lowest seed that was seen to fail; several are run at a time.
    private func firstFailure(of request: PlanRequest, seeds: Range<UInt64>) -> RunResult? {
        let found = Mutex<RunResult?>(nil)
        let sweep = Sweep(request, seeds: seeds) { result in
            guard result.failure != nil else { return true }
            found.withLock { $0 = $0 ?? result }
            return false
        }
        sweep.run(jobs: ProcessInfo.processInfo.activeProcessorCount)
        return found.withLock { $0 }
    }

    func test_everyDefect_isFound() throws {
        try XCTSkipUnless(ReplicatorSettings.hasDefects, "this build has no defects: give -Xswiftc -DDEFECTS")
        for defect in Defect.allCases {
            let hunt = hunt(for: defect)
            var request = PlanRequest(seed: 0)
            request.faults = hunt.faults
            request.defect = defect.rawValue
            let begin = Date()
            let result = firstFailure(of: request, seeds: 1..<(hunt.seedsMax + 1))
            let time = Date().timeIntervalSince(begin)
            guard let result, let failure = result.failure else {
                XCTFail("\(defect.rawValue) is not found within \(hunt.seedsMax) seeds")
                continue
            }
            print(
                "defect \(defect.rawValue): seed \(result.seed), \(String(format: "%.1f", time)) s, "
                    + "against \"\(failure.law.rawValue)\"")
        }
    }

    func test_withoutDefect_nothingIsFound() {
        for faults in [nil, [FaultKind.partition]] as [Set<FaultKind>?] {
            var request = PlanRequest(seed: 0)
            request.faults = faults
            let result = firstFailure(of: request, seeds: 1..<61)
            XCTAssertNil(result?.failure, "seed \(result?.seed ?? 0), faults \(faults?.map(\.rawValue) ?? ["drawn"])")
        }
    }

    func test_defect_ofAnUnknownName_isNone() {
        var request = PlanRequest(seed: 3)
        request.defect = "no-such-defect"
        XCTAssertNil(World(Plan.made(by: request)).run())
    }
}
