import Cluster
import Protocol
import XCTest

@testable import Simulator

/// What once broke, each as a small plan of its own; and what must simply work.
final class ScenarioTests: XCTestCase {
    @discardableResult
    private func check(_ plan: Plan, file: StaticString = #filePath, line: UInt = #line) -> World {
        let world = World(plan)
        XCTAssertNil(world.run(), "seed \(plan.seed), \(plan.steps)", file: file, line: line)
        return world
    }

    // MARK: What must simply work

    func test_ring_withoutFaults_answersEverythingInOneOrder() {
        for seed in UInt64(1)...5 {
            let load = ClientOperation.load(clients: 4, seed: seed)
            let world = check(.small(seed: seed, span: .seconds(10), clients: load))
            XCTAssertEqual(world.counters.unavailable, 0)
            XCTAssertEqual(world.counters.unanswered, 0)
            XCTAssertEqual(world.workload.answered, world.counters.operations)
            XCTAssertGreaterThan(world.counters.operations, 1_000)
        }
    }

    /// Where the system of the killed process ends its connections: who hears nothing waits for `failoverAfter`.
    func test_killedPrimary_underLoad_noClientOfALivingNodeSeesAnError() {
        for seed in UInt64(1)...6 {
            let killed = Int(seed % 3)
            let answers = Answers()
            let plan = Plan.small(
                seed: seed, span: .seconds(6),
                steps: [Step(at: .seconds(2), fault: .crash(killed, afterEffects: nil))],
                clients: ClientOperation.load(clients: 6, keys: 12)
            ) {
                $0.slots = 6
                $0.unheardBreakPermille = 0
            }
            let world = World(plan, print: answers.read)
            XCTAssertNil(world.run())
            let primaries = world.slots.flatMap { slot in
                world.checks.model(of: slot)?.configurations.values.map(\.primary.node.text) ?? []
            }
            XCTAssertTrue(primaries.contains("n\(killed)"))
            let living = answers.all.filter { $0.node != "n\(killed)" }
            XCTAssertGreaterThan(living.count, 500)
            XCTAssertEqual(living.filter(\.isUnavailable).count, 0)
            XCTAssertLessThan(living.map(\.waited).max() ?? 0, 500)
        }
    }

    // MARK: What once broke

    /// Two nodes handed each slot to each other some sixty times a second while one of them stopped.
    func test_stoppingNode_isNotGivenTheLeadAgain() {
        for stopping in 0..<3 {
            // A slow way keeps it from ending at once.
            let plan = Plan.small(
                steps: [
                    Step(
                        at: .seconds(1),
                        fault: .slowWay(from: (stopping + 1) % 3, to: stopping, factor: 30)),
                    Step(at: .seconds(2), fault: .stop(stopping)),
                ],
                clients: ClientOperation.load(clients: 3)
            ) {
                $0.slots = 4
            }
            let world = check(plan)
            let each = world.slots.compactMap { world.checks.model(of: $0)?.configurations.count }
            XCTAssertLessThan(each.max() ?? 0, 15, "\(each)")
        }
    }

    /// A member whose disk was lost counted as one of those that stay: the slot shrank to it and one other,
    /// of which both are needed, and was closed for ever. Who leaves waits instead until another is there.
    func test_leavingNode_besideALostDisk_doesNotShrinkTheSlotToIt() {
        for lost in 0..<3 {
            for leaving in 0..<3 where leaving != lost {
                let ring = SettledRing(
                    .small(seed: UInt64(lost * 3 + leaving)) {
                        $0.slots = 4
                        $0.evictAfter = .seconds(5)
                    })
                let member = ring[lost].member
                ring.awaitRest(before: lost)
                let epochs = ring.world.slots.map { ring.world.checks.model(of: $0)?.latest?.epoch ?? 0 }
                ring.world.perform(.wipe(lost))
                XCTAssertNotEqual(ring[lost].member, member)
                // Everybody has heard of it.
                ring.world.run(for: .milliseconds(100))
                ring[leaving].depart { $0.leave() }
                ring.world.run(for: .seconds(10))
                // With its empty disk it is another member.
                ring[lost].start()
                let hasLeft = ring.world.run(upTo: .seconds(60)) {
                    ring[leaving].isRetired && ring.world.checks.unsettled(in: ring.world) == nil
                }
                XCTAssertTrue(hasLeft, "\(String(describing: ring.world.checks.unsettled(in: ring.world)))")
                XCTAssertNil(ring.world.failure)
                let models = ring.world.slots.compactMap { ring.world.checks.model(of: $0) }
                for (model, epoch) in zip(models, epochs) {
                    let later = model.configurations.values.filter {
                        $0.epoch > epoch && $0.members.count == 2
                    }
                    XCTAssertTrue(later.allSatisfy { !$0.members.contains(member) }, "\(later.map(\.words))")
                }
            }
        }
    }

    /// Nobody had missed yet the member whose machine was gone, disk and all, when another left: it was counted
    /// as one that has everything, and the slot shrank to it and one more.
    func test_leavingNode_besideAMachineThatIsJustGone_doesNotShrinkTheSlotToIt() {
        for lost in 0..<3 {
            for leaving in 0..<3 where leaving != lost {
                let ring = SettledRing(.small(seed: UInt64(lost * 3 + leaving)) { $0.slots = 4 })
                let member = ring[lost].member
                ring.awaitRest(before: lost)
                let epochs = ring.world.slots.map { ring.world.checks.model(of: $0)?.latest?.epoch ?? 0 }
                ring.world.perform(.power(lost, isSilent: true))
                ring.world.perform(.wipe(lost))
                XCTAssertNotEqual(ring[lost].member, member)
                ring[leaving].depart { $0.leave() }
                ring.world.run(for: .seconds(3))
                XCTAssertNil(ring.world.failure)
                let models = ring.world.slots.compactMap { ring.world.checks.model(of: $0) }
                for (model, epoch) in zip(models, epochs) {
                    let later = model.configurations.values.filter { $0.epoch > epoch && $0.members.count == 2 }
                    XCTAssertTrue(later.allSatisfy { !$0.members.contains(member) }, "\(later.map(\.words))")
                }
            }
        }
    }

    // MARK: What no rule can bear

    /// A member that was away begins to get itself what it missed; while it does, the two that had it are lost for
    /// ever. What it has is all that there is: the slot goes on with that on an operator's word, and not before.
    func test_incompleteCopy_thatIsAllThatIsLeft_isBegunAnewWith_onAnOperatorsWord() throws {
        for seed in UInt64(1)...6 {
            let plan = Plan.small(seed: seed, clients: ClientOperation.load(clients: 3, seed: seed)) {
                $0.slots = 1
                $0.replication.backlogBytesMax = 0
                $0.replication.chunkBytesMax = 1
                $0.replication.transferRate = 20
            }
            let ring = SettledRing(plan)
            ring.world.workload.start()
            ring.world.run(for: .seconds(2))
            ring.world.perform(.crash(2, afterEffects: nil))
            ring.world.run(for: .seconds(2))
            for node in 0..<2 {
                ring.world.perform(.crash(node, afterEffects: nil))
                ring.world.perform(.restart(node))
                ring.world.run(for: .seconds(2))
            }
            ring.world.workload.stop()
            ring.world.run(for: .seconds(3))
            let slot = ring.world.slots[0]
            ring[2].start()
            let latest = try XCTUnwrap(ring.world.checks.model(of: slot)?.latest)
            var isCopying = false
            for _ in 0..<5_000 where !isCopying {
                ring.world.run(for: .milliseconds(1))
                let replica = ring[2].process?.replicator.replica(slot)
                isCopying = replica?.epoch == latest.epoch && replica?.holding == .partial
            }
            XCTAssertTrue(isCopying)
            for node in 0..<2 {
                ring[node].end(isMachine: true, isSilent: true)
                ring[node].retire()
            }
            ring.world.checks.maim([ring[0], ring[1]])
            XCTAssertFalse(operate("REPAIR -accept-loss", for: .seconds(15), ring))
            XCTAssertTrue(operate("REPAIR -accept-incomplete", for: .seconds(15), ring))
            XCTAssertEqual(ring.world.checks.model(of: slot)?.latest?.repair?.source, ring[2].member)
            ring.world.workload.start()
            ring.world.run(for: .seconds(3))
            XCTAssertNil(ring.world.failure, "seed \(seed)")
            XCTAssertTrue(ring.world.checks.model(of: slot)?.committedEnd.epoch ?? 0 > 1 << 15)
        }
    }

    /// - Returns: whether every slot has a majority again.
    private func operate(_ word: String, for span: Duration, _ ring: SettledRing) -> Bool {
        for _ in 0..<Int(span.wholeMilliseconds / 1_000) where ring.world.checks.isMaimed {
            ring[2].receive { process in
                for node in ["n0", "n1"] { process.administer("FORGET \(node)", token: 0) }
                process.administer(word, token: 0)
            }
            ring.world.run(for: .seconds(1))
        }
        return !ring.world.checks.isMaimed
    }

    /// All nodes had other addresses at once and found each other in two groups; those who were then given an
    /// address of the other group did not try it, since they had a connection to somebody.
    func test_nodesThatAllMoved_inTwoGroups_meetAtAnAddressThatTheyAreGiven() {
        let ring = SettledRing(.small(nodes: 4, members: 4))
        for node in 0..<4 {
            ring.world.perform(.crash(node, afterEffects: nil))
            ring.world.perform(.move(node))
        }
        for (node, friend) in [(0, 1), (1, 0), (2, 3), (3, 2)] {
            ring[node].start()
            ring[node].seeds = [SimulatedDialer(intended: nil, address: ring[friend].address)]
        }
        ring.world.run(for: .seconds(3))
        XCTAssertEqual(ring[2].process?.linkedNodes, [ring[3].name])
        ring[2].seeds = [SimulatedDialer(intended: nil, address: ring[0].address)]
        let isWhole = ring.world.run(upTo: .seconds(60)) { ring.world.checks.unsettled(in: ring.world) == nil }
        XCTAssertTrue(isWhole, "\(String(describing: ring.world.checks.unsettled(in: ring.world)))")
    }

    /// What a restart found in its log was beyond the limit until the next write.
    func test_restart_withTinyBacklog_keepsTheBacklogLimit() {
        for bytes in [0, 300, 1_500] {
            for seed in UInt64(1)...4 {
                var steps: [Step] = []
                for second in 1..<10 {
                    let node = second % 3
                    let at = Duration.seconds(Int64(second))
                    steps.append(Step(at: at, fault: .stallDisk((node + 1) % 3, for: .milliseconds(300))))
                    steps.append(Step(at: at + .milliseconds(200), fault: .power(node, isSilent: false)))
                    steps.append(Step(at: at + .milliseconds(250), fault: .restart(node)))
                }
                let plan = Plan.small(
                    seed: seed, span: .seconds(10), steps: steps,
                    clients: ClientOperation.load(clients: 3, seed: seed)
                ) {
                    $0.replication.backlogBytesMax = bytes
                }
                check(plan)
            }
        }
    }

    /// A refusal was for what the node had said before it refuted its death, and came after it: the node took
    /// it for final.
    func test_lateRefusalOfAnEarlierHello_doesNotEndTheNode() throws {
        for isLate in [true, false] {
            // A node that joins and has not got in yet: a final refusal ends it.
            let ring = SettledRing(.small(nodes: 4, members: 3))
            let joining = ring[3]
            joining.start()
            let process = try XCTUnwrap(joining.process)
            let hello = process.hello(to: nil)
            let connection = try XCTUnwrap(
                ring.world.network.dial(ring[0].address, intended: nil, from: joining, hello: hello))
            joining.seeds = [SimulatedDialer(intended: nil, address: ring[0].address)]
            joining.seeds[0].attempt = (connection, ring.world.now)
            if isLate { connection.introduced = hello.record.incarnation &- 1 }
            joining.receive { _ in
                joining.received(.refused(reason: "its data is an old copy", isFinal: true), on: connection)
            }
            ring.world.run(for: .milliseconds(20))
            XCTAssertEqual(joining.isUp, isLate)
        }
    }
}
