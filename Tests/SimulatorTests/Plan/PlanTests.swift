import Cluster
import XCTest

@testable import Simulator

/// The seed decides the plan, all of it and for ever.
final class PlanTests: XCTestCase {
    private func plan(_ seed: UInt64, faults: Set<FaultKind>? = nil) -> Plan {
        var request = PlanRequest(seed: seed)
        request.faults = faults
        return .made(by: request)
    }

    private func settings(_ plan: Plan) -> String {
        "\(plan.settings) \(plan.nodes) \(plan.members) \(plan.span)"
    }

    func test_plan_ofOneSeed_isAlwaysTheSame() {
        for seed in UInt64(0)..<50 {
            let (one, other) = (plan(seed), plan(seed))
            XCTAssertEqual(one.steps, other.steps)
            XCTAssertEqual(one.clients, other.clients)
            XCTAssertEqual(settings(one), settings(other))
        }
    }

    func test_plan_ofOtherSeeds_isAnother() {
        let plans = (UInt64(0)..<50).map { plan($0) }
        for (index, one) in plans.enumerated() {
            for other in plans[..<index] {
                XCTAssertNotEqual(one.clients, other.clients)
                XCTAssertNotEqual(settings(one), settings(other))
                if !one.steps.isEmpty { XCTAssertNotEqual(one.steps, other.steps) }
            }
        }
    }

    func test_plan_steps_areInOrderAndBeginWithinTheTime() {
        for seed in UInt64(0)..<50 {
            let plan = plan(seed)
            XCTAssertEqual(plan.steps.map(\.at), plan.steps.map(\.at).sorted())
            for step in plan.steps.prefix(1) { XCTAssertLessThan(step.at, plan.span) }
            XCTAssertGreaterThanOrEqual(plan.nodes, plan.members)
        }
    }

    func test_plan_withoutFaults_hasNoSteps() {
        for seed in UInt64(0)..<50 {
            let plan = plan(seed, faults: [])
            XCTAssertEqual(plan.steps, [])
            XCTAssertEqual(plan.settings.packetLossPermille, 0)
            XCTAssertEqual(plan.settings.skewMax, .zero)
            XCTAssertFalse(plan.clients.isEmpty)
        }
    }

    func test_plan_ofOneKindOfFault_hasThatKind() {
        for kind in FaultKind.allCases {
            let plans = (UInt64(0)..<8).map { plan($0, faults: [kind]) }
            if kind == .loss {
                XCTAssertTrue(plans.allSatisfy { $0.steps.isEmpty && $0.settings.packetLossPermille > 0 })
                continue
            }
            let faults = plans.flatMap { $0.steps.map(\.fault) }
            XCTAssertTrue(plans.allSatisfy { !$0.steps.isEmpty }, "\(kind)")
            for name in names(of: kind) {
                XCTAssertTrue(faults.contains { $0.name == name }, "\(kind) never makes \(name)")
            }
            // What mends is always there.
            let expected = names(of: kind).union(["restart", "restartAll", "healAll"])
            XCTAssertEqual(Set(faults.map(\.name)).subtracting(expected), [], "\(kind)")
        }
    }

    private func names(of kind: FaultKind) -> Set<String> {
        switch kind {
        case .crash: ["crash"]
        case .power: ["power", "powerAll"]
        case .pause: ["pause"]
        case .partition: ["clog", "unclog", "isolate", "split", "stallDisk"]
        case .breaks: ["breakConnection"]
        case .loss: []
        case .slow: ["slowWay"]
        case .clock: ["jumpClock", "drift"]
        case .disk: ["stallDisk", "failDisk"]
        case .wipe: ["wipe"]
        case .join: ["join"]
        case .leave: ["leave", "wipe", "join"]
        case .stop: ["stop"]
        case .forget: ["crash", "forget"]
        case .move: ["crash", "move"]
        case .maim: ["maim"]
        case .rot: ["rot"]
        }
    }

    func test_plan_request_isKeptTo() {
        var request = PlanRequest(seed: 5)
        request.nodes = 6
        request.span = .seconds(3)
        let plan = Plan.made(by: request)
        XCTAssertEqual(plan.members, 6)
        XCTAssertEqual(plan.span, .seconds(3))
    }
}
