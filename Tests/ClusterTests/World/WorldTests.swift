import Protocol
import XCTest

@testable import Cluster

/// The laws of DESIGN's replication under faults, on a small ring in virtual time.
final class WorldTests: XCTestCase {
    private func steady(seed: UInt64, nodes: Int = 3) -> World {
        let world = World(seed: seed, nodes: nodes)
        for node in world.nodes { world.start(node, founding: node === world.nodes[0]) }
        world.setMembers(world.nodes)
        world.run(for: .seconds(3))
        return world
    }

    /// Every slot is where the targets want it, all copies are equal, and nobody else has one.
    private func checkSettled(_ world: World, members: [WorldNode], _ message: String) {
        guard let targets = members.first?.replicator?.targets else { return }
        for slot in world.slots {
            let wanted = targets[slot]
            for node in members {
                guard let replica = node.replicator?.replica(slot) else { continue }
                XCTAssertEqual(
                    replica.configuration.map { Set($0.members) }, Set(wanted),
                    "members of \(slot) by \(node.member), \(message)")
                XCTAssertEqual(
                    replica.configuration?.primary, wanted.first,
                    "primary of \(slot) by \(node.member), \(message)")
                let shouldHold = wanted.contains(node.member)
                XCTAssertEqual(
                    replica.holding, shouldHold ? .whole : .nothing,
                    "what \(node.member) holds of \(slot), \(message)")
                if shouldHold { XCTAssertTrue(replica.isComplete, "\(node.member) \(slot) \(message)") }
            }
            let tables = members.filter { wanted.contains($0.member) }.map { $0.store.table(of: slot) }
            for table in tables { XCTAssertEqual(table, tables[0], "copies of \(slot), \(message)") }
        }
    }

    func test_ring_threeNodesJoin_settlesOnTargets() {
        let world = steady(seed: 1)
        checkSettled(world, members: world.nodes, "after the joins")
        XCTAssertEqual(world.failures, [])
    }

    func test_ring_withoutFaults_answersEverythingAndIsLinearizable() {
        let world = steady(seed: 2)
        let work = Workload(world, clients: 4)
        world.run(for: .seconds(10))
        work.isStopped = true
        world.run(for: .seconds(5))
        work.check()
        XCTAssertEqual(world.failures, [])
        XCTAssertEqual(work.unavailable, 0)
        XCTAssertGreaterThan(work.answered, 500)
    }

    func test_crash_ofAPrimary_noClientOfALivingNodeSeesAnError() {
        let world = steady(seed: 3)
        let work = Workload(world, clients: 4, asksForAll: false)
        world.run(for: .seconds(1))
        world.crash(world.nodes[0])
        world.run(for: .milliseconds(500))
        let unavailable = work.unavailable
        world.run(for: .seconds(5))
        work.isStopped = true
        world.run(for: .seconds(5))
        work.check()
        XCTAssertEqual(world.failures, [])
        // Only requests that the dead node coordinated are without an answer.
        XCTAssertLessThanOrEqual(work.unavailable - unavailable, 4)
        XCTAssertLessThan(work.longestWait, .milliseconds(500))
    }

    func test_seeds_randomFaults_holdEveryLaw() {
        let seeds = Self.seeds
        for seed in seeds {
            let world = chaos(seed: seed)
            for failure in world.failures { world.note(failure) }
            XCTAssertEqual(world.failures, [], "seed \(seed)")
            if !world.failures.isEmpty { break }
        }
    }

    /// TORC_SEEDS=from..<to runs others.
    private static var seeds: Range<UInt64> {
        let words = (ProcessInfo.processInfo.environment["TORC_SEEDS"] ?? "").split(separator: "-")
        if words.count == 2, let from = UInt64(words[0]), let to = UInt64(words[1]), from < to {
            return from..<to
        }
        return 100..<112
    }

    private func chaos(seed: UInt64) -> World {
        var random = Random(seed: seed &* 7919)
        let world = steady(seed: seed, nodes: 5)
        // Two of the five are not members at first.
        var members = Array(world.nodes.prefix(3))
        world.setMembers(members)
        world.run(for: .seconds(2))
        let work = Workload(world, clients: 4)
        let atomic = AtomicWorkload(world, clients: 4)
        for _ in 0..<12 {
            world.run(for: .milliseconds(Int64.random(in: 100...1500, using: &random)))
            fault(world, &members, &random)
        }
        world.isCut = { _, _ in false }
        for node in world.nodes {
            node.isPaused = false
            if !node.isUp { world.start(node) }
        }
        world.run(for: .seconds(3))
        work.isStopped = true
        atomic.isStopped = true
        world.run(for: .seconds(15))
        work.check()
        checkSettled(world, members: world.nodes, "seed \(seed)")
        atomic.check()
        XCTAssertGreaterThan(atomic.answered, 50, "seed \(seed)")
        XCTAssertGreaterThan(work.answered, 50, "seed \(seed)")
        return world
    }

    private func fault(_ world: World, _ members: inout [WorldNode], _ random: inout Random) {
        let node = world.nodes.randomElement(using: &random) ?? world.nodes[0]
        switch Int.random(in: 0..<13, using: &random) {
        case 10:
            // A power cut: all at once, and back at once.
            for node in world.nodes { world.crash(node) }
            for node in world.nodes { world.start(node) }
        case 11, 12:
            // Back before anybody takes over.
            world.crash(node)
            world.start(node)
        case 0..<3:
            world.crash(node)
        case 3..<6:
            for node in world.nodes where !node.isUp { world.start(node) }
        case 6:
            world.note("\(node.member) is paused")
            node.isPaused = true
            world.after(.milliseconds(Int64.random(in: 50...3000, using: &random))) { node.isPaused = false }
        case 7:
            let name = node.member.node
            world.note("\(node.member) is cut off")
            world.isCut = { $0 == name || $1 == name }
            for other in world.nodes where other !== node {
                world.after(.seconds(2)) {
                    if world.isCut(name, other.member.node) { world.disconnect(node, other, refused: false) }
                }
            }
        case 8:
            world.note("the cut heals")
            world.isCut = { _, _ in false }
        default:
            if let index = members.firstIndex(where: { $0 === node }) {
                if members.count > 3 { members.remove(at: index) }
            } else {
                members.append(node)
            }
            world.setMembers(members)
        }
    }
}
