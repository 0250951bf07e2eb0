import Cluster
import Protocol
import XCTest

@testable import Simulator

/// Connections keep their order and lose only their end; packets are lost and doubled only where it is set.
final class SimulatedNetworkTests: XCTestCase {
    private func ring(
        seed: UInt64, nodes: Int = 2, _ change: (inout WorldSettings) -> Void = { _ in }
    ) -> SettledRing {
        SettledRing(.small(seed: seed, nodes: nodes, change))
    }

    // MARK: Connections

    func test_connection_underAnyLatency_keepsTheOrder() {
        for seed in UInt64(1)...10 {
            let ring = ring(seed: seed) { $0.latency = .microseconds(30) ... .milliseconds(50) }
            var random = Random(seed: seed)
            for number in UInt64(0)..<100 {
                ring.say(number, from: 0, to: 1)
                ring.world.run(for: random.duration(in: .zero ... .milliseconds(3)))
            }
            ring.world.run(for: .seconds(1))
            XCTAssertEqual(ring.heard(from: 0, to: 1).map(\.number), Array(0..<100), "seed \(seed)")
            XCTAssertNil(ring.world.failure)
        }
    }

    func test_connection_thatBreaks_deliversABeginningAndNothingAfterwards() {
        var cut = 0
        for seed in UInt64(1)...20 {
            let ring = ring(seed: seed) {
                $0.latency = .microseconds(30) ... .milliseconds(50)
                $0.turnDelay = .zero ... .zero
            }
            for number in UInt64(0)..<100 { ring.say(number, from: 0, to: 1) }
            ring.world.run(for: .milliseconds(Int64(seed)))
            ring.world.network.breakConnections(between: 1, and: 0)
            let brokenAt = ring.world.now
            ring.world.run(for: .seconds(2))
            let heard = ring.heard(from: 0, to: 1)
            XCTAssertEqual(heard.map(\.number), Array(0..<UInt64(heard.count)), "seed \(seed)")
            for item in heard { XCTAssertLessThanOrEqual(item.at, brokenAt) }
            if heard.count < 100 { cut += 1 }
            // They have dialled again.
            ring.say(200, from: 0, to: 1)
            ring.world.run(for: .seconds(1))
            XCTAssertEqual(ring.heard(from: 0, to: 1).last?.number, 200)
        }
        XCTAssertGreaterThan(cut, 10)
    }

    func test_connection_thatBreaks_bothSidesHearOfIt() throws {
        for seed in UInt64(1)...10 {
            let ring = ring(seed: seed) { $0.unheardBreakPermille = 0 }
            let connection = try ring.link(0, 1)
            ring.world.network.snap(connection)
            ring.world.run(for: .milliseconds(10))
            XCTAssertTrue(ring[0].links[ring[1].name] !== connection, "seed \(seed)")
            XCTAssertTrue(ring[1].links[ring[0].name] !== connection, "seed \(seed)")
        }
    }

    func test_connection_thatBreaksUnheard_isGivenUpWhenTheSilenceIsTooLong() throws {
        for seed in UInt64(1)...10 {
            let ring = ring(seed: seed) { $0.unheardBreakPermille = 1_000 }
            let connection = try ring.link(0, 1)
            ring.world.network.snap(connection)
            ring.world.run(for: .milliseconds(10))
            XCTAssertTrue(ring[0].links[ring[1].name] === connection, "seed \(seed)")
            XCTAssertTrue(ring[1].links[ring[0].name] === connection, "seed \(seed)")
            ring.world.run(for: .seconds(8))
            XCTAssertTrue(ring[0].links[ring[1].name] !== connection, "seed \(seed)")
            XCTAssertTrue(ring[1].links[ring[0].name] !== connection, "seed \(seed)")
        }
    }

    // MARK: Clogs

    func test_clog_oneWay_holdsThatWayUntilItIsUnclogged() {
        let ring = ring(seed: 4)
        ring.world.network.clog(from: 0, to: 1)
        for number in UInt64(0)..<20 {
            ring.say(number, from: 0, to: 1)
            ring.say(number, from: 1, to: 0)
            ring.world.run(for: .milliseconds(10))
        }
        ring.world.run(for: .milliseconds(300))
        XCTAssertEqual(ring.heard(from: 0, to: 1).map(\.number), [])
        XCTAssertEqual(ring.heard(from: 1, to: 0).map(\.number), Array(0..<20))
        ring.world.network.unclog(from: 0, to: 1)
        ring.say(20, from: 0, to: 1)
        ring.world.run(for: .milliseconds(300))
        XCTAssertEqual(ring.heard(from: 0, to: 1).map(\.number), Array(0...20))
    }

    func test_clog_whatIsUnderWay_arrives() {
        let ring = ring(seed: 5)
        ring.say(0, from: 0, to: 1)
        ring.world.network.clog(from: 0, to: 1)
        ring.world.run(for: .milliseconds(100))
        XCTAssertEqual(ring.heard(from: 0, to: 1).map(\.number), [0])
    }

    func test_heal_undoesEveryClogWithinAMoment() {
        let ring = ring(seed: 6, nodes: 3)
        ring.world.perform(.isolate(1))
        XCTAssertEqual(ring.world.network.cloggedWays.count, 4)
        ring.world.perform(.healAll)
        ring.world.run(for: .milliseconds(250))
        XCTAssertEqual(ring.world.network.cloggedWays.count, 0)
    }

    func test_split_withABridge_cutsAllButWhatPassesOverIt() {
        let ring = ring(seed: 7, nodes: 4)
        ring.world.perform(.split(side: [0, 1], bridge: 1))
        for from in 0..<4 {
            for to in 0..<4 where from != to {
                let isCut = [from, to].contains(0) && !([from, to].contains(1))
                XCTAssertEqual(ring.world.network.isClogged(from: from, to: to), isCut, "\(from) to \(to)")
            }
        }
    }

    func test_slowWay_isSlowThatWayOnly() {
        let ring = ring(seed: 8) {
            $0.latency = .milliseconds(1) ... .milliseconds(1)
            $0.turnDelay = .zero ... .zero
        }
        ring.world.perform(.slowWay(from: 0, to: 1, factor: 50))
        let begin = ring.world.now
        ring.say(0, from: 0, to: 1)
        ring.say(0, from: 1, to: 0)
        ring.world.run(for: .milliseconds(200))
        XCTAssertEqual(ring.heard(from: 0, to: 1).map { $0.at.since(begin) >= .milliseconds(50) }, [true])
        XCTAssertEqual(ring.heard(from: 1, to: 0).map { $0.at.since(begin) < .milliseconds(20) }, [true])
    }

    // MARK: Dialling

    private func dial(_ ring: SettledRing) throws -> Connection {
        let (network, other) = (ring.world.network, ring[1])
        let hello = try XCTUnwrap(ring[0].process?.hello(to: other.name))
        return try XCTUnwrap(network.dial(other.address, intended: other.name, from: ring[0], hello: hello))
    }

    func test_dial_toADeadProcess_isRefused() throws {
        let ring = ring(seed: 9)
        ring[1].end(isMachine: false, isSilent: false)
        let connection = try dial(ring)
        ring.world.run(for: .milliseconds(50))
        XCTAssertTrue(connection.ends[0].isClosed)
    }

    func test_dial_toADeadMachine_isNotAnswered() throws {
        let ring = ring(seed: 10)
        ring[1].end(isMachine: true, isSilent: true)
        let connection = try dial(ring)
        ring.world.run(for: .seconds(5))
        XCTAssertFalse(connection.ends[0].isClosed)
    }

    func test_dial_toAnAddressOfYesterday_isRefused() throws {
        let ring = ring(seed: 11)
        let old = ring[1].address
        ring[1].end(isMachine: false, isSilent: false)
        ring[1].move()
        ring[1].start()
        ring.world.run(for: .seconds(1))
        let hello = try XCTUnwrap(ring[0].process?.hello(to: nil))
        let connection = try XCTUnwrap(
            ring.world.network.dial(old, intended: nil, from: ring[0], hello: hello))
        ring.world.run(for: .milliseconds(50))
        XCTAssertTrue(connection.ends[0].isClosed)
    }

    // MARK: Packets

    /// How many of `sent` packets that no node understands were received.
    private func packetsReceived(of sent: Int, _ change: (inout WorldSettings) -> Void) throws -> Int {
        let ring = ring(seed: 12, change)
        let node = try XCTUnwrap(ring[1].process?.membership)
        let before = node.counters.dropped
        for _ in 0..<sent { ring.world.network.sendPacket([1, 2, 3], from: 0, to: ring[1].address) }
        ring.world.run(for: .milliseconds(300))
        return node.counters.dropped - before
    }

    func test_packets_withoutLoss_arriveOnceEach() throws {
        XCTAssertEqual(try packetsReceived(of: 500) { _ in }, 500)
    }

    func test_packets_withLoss_areLostAboutSoOften() throws {
        let received = try packetsReceived(of: 2_000) { $0.packetLossPermille = 200 }
        XCTAssertTrue((1_450...1_750).contains(received), "\(received)")
    }

    func test_packets_thatComeTwice_doSoAboutSoOften() throws {
        let received = try packetsReceived(of: 2_000) { $0.packetTwicePermille = 100 }
        XCTAssertTrue((2_120...2_280).contains(received), "\(received)")
    }

    func test_packets_onACloggedWay_areLost() throws {
        let ring = ring(seed: 13)
        ring.world.network.clog(from: 0, to: 1)
        let node = try XCTUnwrap(ring[1].process?.membership)
        ring.world.run(for: .milliseconds(100))
        let before = node.counters.packetsReceived
        for _ in 0..<50 { ring.world.network.sendPacket([1, 2, 3], from: 0, to: ring[1].address) }
        ring.world.network.unclog(from: 0, to: 1)
        ring.world.run(for: .milliseconds(20))
        XCTAssertLessThan(node.counters.packetsReceived, before + 50)
    }
}
