import Cluster
import XCTest

@testable import Simulator

/// Worlds as the seeds make them see every fault do something: what is never performed proves nothing.
final class FaultCoverageTests: XCTestCase {
    private static let seedsMax: UInt64 = 60

    func test_faults_ofDefaultSeeds_allHappenWithEffect() {
        var effective: Set<String> = []
        for seed in 1...Self.seedsMax where effective != Fault.names {
            effective.formUnion(effectiveFaults(seed: seed))
        }
        XCTAssertEqual(Fault.names.subtracting(effective), [])
    }

    private func effectiveFaults(seed: UInt64) -> Set<String> {
        let plan = Plan.made(by: PlanRequest(seed: seed))
        let faults = Dictionary(plan.steps.map { ("\($0.fault)", $0.fault) }) { first, _ in first }
        var effective: Set<String> = []
        weak var world: World?
        /// What had no effect yet when it was announced.
        var announced: (fault: Fault, effect: Int, event: Int)?
        let made = World(plan) { line in
            guard let world else { return }
            if let (fault, effect, event) = announced, event < world.counters.events {
                if self.effect(of: fault, in: world) != effect { effective.insert(fault.name) }
                announced = nil
            }
            guard let mark = line.range(of: "  fault: "), let fault = faults[String(line[mark.upperBound...])]
            else { return }
            // Lines of the same event were written before it was over.
            announced = (fault, self.effect(of: fault, in: world), world.counters.events)
        }
        world = made
        made.run()
        return effective
    }

    /// A number that is another after `fault` if it did anything, whatever else happens in that moment.
    private func effect(of fault: Fault, in world: World) -> Int {
        let nodes = world.nodes
        let clogs = world.network.cloggedWays.count
        // Of what leaves no mark that lasts it counts where there was something to do.
        let faults = Int(truncatingIfNeeded: world.counters.faults)
        switch fault {
        case .crash(let number, nil), .power(let number, _), .join(let number), .restart(let number):
            return nodes[number].isUp ? 1 : 0
        case .crash(let number, _): return nodes[number].effectsLeft ?? -1
        case .powerAll, .restartAll: return nodes.count { $0.isUp }
        case .wipe(let number): return Int(nodes[number].disk.diskID.rawValue)
        case .move(let number): return nodes[number].addressNumber
        case .pause(let number, _): return nodes[number].isPaused ? 1 : 0
        case .clog, .unclog, .isolate, .split: return clogs
        case .healAll: return clogs > 0 ? faults : 0
        case .breakConnection(let one, let other):
            return nodes[one].links[nodes[other].name]?.brokenAt == nil ? 0 : 1
        case .slowWay(_, _, let factor): return factor > 1 ? faults : 0
        case .jumpClock(let number, _, _):
            return Int(nodes[number].clock.wall(world.now).milliseconds) - Int(world.now.microseconds / 1_000)
        case .drift(let number, _):
            let clock = nodes[number].clock
            let gone = clock.monotonic(world.now + .seconds(1_000)).since(clock.monotonic(world.now))
            return Int(gone.wholeMicroseconds)
        case .stallDisk(let number, _): return nodes[number].isRunning ? faults : 0
        case .failDisk(let number): return nodes[number].mayFail ? 1 : 0
        case .leave(let number), .stop(let number): return nodes[number].mayEnd ? 1 : 0
        case .maim: return world.counters.maimings
        case .forget(let number, _): return nodes[number].isRetired ? 1 : 0
        case .rot: return world.checks.rot.count
        }
    }
}
