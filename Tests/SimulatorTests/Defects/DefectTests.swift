import Cluster
import Simulator
import Synchronization
import XCTest

/// The checks are proven by defects: each is found within a stated number of seeds, and without one nothing is.
final class DefectTests: XCTestCase {
    /// Within so many seeds each defect shows.
    private static let seedsMax: UInt64 = 1_000

    /// Where a defect is looked for; nil: in worlds of every kind. What needs two nodes that believe in two epochs
    /// at once shows in the midst of a cut, what needs a restart where nodes restart; elsewhere it takes ten times
    /// as many seeds.
    private func faults(for defect: Defect) -> Set<FaultKind>? {
        switch defect {
        case .followWhileSealed, .sealSilently, .readWithoutConfirmation: [.partition]
        case .forgetPromises: [.power, .crash]
        case .leadTwice: [.crash, .power, .disk]
        case .promiseLowerBallots: [.slow, .loss, .pause, .crash, .disk]
        case .keepRequestIDsOfUndoneWrites: [.partition, .pause, .crash]
        case .repairWithoutAll: [.maim, .join]
        case .dropWithoutComparing: [.rot, .leave, .join]
        case .skipTheScrub, .mendOverNewer: [.rot, .pause, .partition]
        default: nil
        }
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
        for defect in Defect.allCases where defect != .hideDecisions {
            var request = PlanRequest(seed: 0)
            request.faults = faults(for: defect)
            request.defect = defect.rawValue
            let begin = Date()
            let result = firstFailure(of: request, seeds: 1..<(Self.seedsMax + 1))
            let time = Date().timeIntervalSince(begin)
            guard let result, let failure = result.failure else {
                XCTFail("\(defect.rawValue) is not found within \(Self.seedsMax) seeds")
                continue
            }
            print(
                "defect \(defect.rawValue): seed \(result.seed), \(String(format: "%.1f", time)) s, "
                    + "against \"\(failure.law.rawValue)\"")
        }
    }

    #if DEFECTS
        /// What is pending for ten seconds is rare among the seeds, so this one has a world of its own: a node that led
        /// slots starts again, and for a long time nobody is there to decide anything with.
        func test_decisionThatIsHidden_isFound() {
            let laws = [nil, .hideDecisions].map { (defect: Defect?) in
                (0..<3).compactMap { alone in World(planOfOneLeftAlone(alone, defect)).run()?.law }
            }
            XCTAssertEqual(laws[0], [])
            XCTAssertEqual(Set(laws[1]), [.named])
        }

        private func planOfOneLeftAlone(_ alone: Int, _ defect: Defect?) -> Plan {
            var steps = (0..<3).map { Step(at: .seconds(1), fault: .crash($0, afterEffects: nil)) }
            steps.append(Step(at: .milliseconds(1_100), fault: .restart(alone)))
            return Plan.small(span: .seconds(20), steps: steps) {
                $0.slots = 6
                $0.replication.defect = defect
            }
        }
    #endif

    func test_withoutDefect_nothingIsFound() {
        for faults in [nil, [.partition], [.power, .crash], [.slow, .pause, .crash]] as [Set<FaultKind>?] {
            var request = PlanRequest(seed: 0)
            request.faults = faults
            let result = firstFailure(of: request, seeds: 1..<41)
            XCTAssertNil(result?.failure, "seed \(result?.seed ?? 0), faults \(faults?.map(\.rawValue) ?? ["drawn"])")
        }
    }

    func test_defect_ofAnUnknownName_isNone() {
        var request = PlanRequest(seed: 3)
        request.defect = "no-such-defect"
        XCTAssertNil(World(Plan.made(by: request)).run())
    }
}
