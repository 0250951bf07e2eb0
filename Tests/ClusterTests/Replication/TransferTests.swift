import Protocol
import XCTest

@testable import Cluster

final class TransferTests: XCTestCase {
    private let nodes = TestNodes()

    private func ringOfOneWithData(transferRate: Int) -> TestHost {
        var settings = TestNodes.settings(1)
        settings.replication.transferRate = transferRate
        let host = nodes.found(settings)
        nodes.run(until: { host.readyIn != nil })
        for key in TestNodes.keys { _ = nodes.ask(host, .set(value: key, ttlMilliseconds: nil), key) }
        return host
    }

    func test_slowRate_whoeverWaitsIsToldSo_andDoesNotGiveUp() throws {
        let source = ringOfOneWithData(transferRate: 1)
        let joiner = nodes.join(TestNodes.settings(2), through: source)
        nodes.run(for: .seconds(4))
        let supplier = try XCTUnwrap(source.node?.replicator)
        let puller = try XCTUnwrap(joiner.node?.replicator)
        XCTAssertGreaterThan(puller.settings.pullTimeout, .zero)
        XCTAssertLessThan(puller.settings.pullTimeout, .seconds(2))
        XCTAssertGreaterThan(supplier.waitingFetches.count, 0)
        XCTAssertLessThanOrEqual(supplier.waitingFetches.count, TestNodes.slots.count)
        for slot in TestNodes.slots { XCTAssertEqual(puller.replica(slot).pullAttempts, 0, "\(slot)") }
        XCTAssertNotEqual(joiner.node?.phase, .ready)
    }

    func test_ampleRate_theJoinerGetsEverything() {
        let source = ringOfOneWithData(transferRate: 1_000)
        let joiner = nodes.join(TestNodes.settings(2), through: source)
        XCTAssertTrue(nodes.run(until: { joiner.readyIn != nil }, within: .seconds(10)))
        XCTAssertEqual(source.node?.replicator.waitingFetches.count, 0)
    }

    func test_peerThatTakesNothing_isSuppliedOnceItDoes_andDoesNotGiveUp() throws {
        let source = ringOfOneWithData(transferRate: 0)
        source.unsentBytes = Int.max
        let joiner = nodes.join(TestNodes.settings(2), through: source)
        nodes.run(for: .seconds(4))
        XCTAssertGreaterThan(source.node?.replicator.waitingFetches.count ?? 0, 0)
        XCTAssertNil(joiner.readyIn)
        for slot in TestNodes.slots { XCTAssertEqual(joiner.node?.replicator.replica(slot).pullAttempts, 0, "\(slot)") }
        source.unsentBytes = 0
        XCTAssertTrue(nodes.run(until: { joiner.readyIn != nil }, within: .seconds(10)))
        XCTAssertEqual(source.node?.replicator.waitingFetches.count, 0)
    }

    func test_brokenConnection_nothingWaitsForIt() throws {
        let source = ringOfOneWithData(transferRate: 1)
        let joiner = nodes.join(TestNodes.settings(2), through: source)
        nodes.run(for: .seconds(2))
        XCTAssertGreaterThan(source.node?.replicator.waitingFetches.count ?? 0, 0)
        nodes.kill(joiner)
        XCTAssertEqual(source.node?.replicator.waitingFetches.count, 0)
    }
}
