import Protocol
import XCTest

@testable import Cluster

/// When members hear what is committed, and forget what all of them have.
final class CommitWordTests: XCTestCase {
    private var nodes = TestNodes()
    private let key = TestNodes.keys[0]

    override func setUp() {
        nodes = TestNodes()
        _ = nodes.makeRing(3)
        nodes.run(for: .seconds(3))
    }

    private func replica(_ host: TestHost) throws -> Replica { try XCTUnwrap(host.node).replicator.replica(Slot(key: key)) }

    private func primary() throws -> TestHost { try XCTUnwrap(nodes.hosts.first { try replica($0).leadership != nil }) }

    /// But for those that the tick finds between the first confirmation and the last.
    func test_writesThatAllHave_areAppliedAndMostlyForgottenByAllSoon() throws {
        nodes.run(for: Replicator.pin)
        let host = try primary()
        var forgotten = 0
        for _ in 0..<20 {
            guard case .written(let version, _, _)? = nodes.ask(host, .add(1), key) else { return XCTFail("not written") }
            nodes.run(for: .milliseconds(200))
            let logs = try nodes.hosts.map { try replica($0).log }
            XCTAssertEqual(logs.map(\.commit), [version, version, version])
            if logs.allSatisfy({ $0.count == 0 }) { forgotten += 1 }
        }
        XCTAssertGreaterThan(forgotten, 10)
    }

    func test_writeThatOneMemberDoesNotConfirm_isToldTheOthersAllTheSame() throws {
        let host = try primary()
        let silent = try XCTUnwrap(nodes.hosts.first { $0 !== host })
        let other = try XCTUnwrap(nodes.hosts.first { $0 !== host && $0 !== silent })
        nodes.isSilenced = { $0 === silent }
        guard case .written(let version, _, _)? = nodes.ask(host, .add(1), key) else { return XCTFail("not written") }
        let isTold = { (try? self.replica(other).log.commit) == version }
        XCTAssertTrue(nodes.run(until: isTold, within: .milliseconds(300)))
        XCTAssertEqual(try replica(other).log.count, 1, "one member may not have it")
        XCTAssertEqual(try replica(host).log.count, 1)
    }

    func test_forEachAhead_isEachInItsOrder_whateverIsKnownOfTheirSlots() throws {
        let replicator = try XCTUnwrap(primary().node).replicator
        _ = nodes.submit(try primary(), .set(value: [1], ttlMilliseconds: nil), key)
        let (all, known) = (Array(Slot.all), TestNodes.slots)
        for count in [0, 1, 2, 15, 16, 17, 33, 100] {
            let messages = (0..<count).map { number in
                Acknowledgement(
                    slot: number % 3 == 0 ? all[number * 100] : known[number % known.count], epoch: 1,
                    position: Version(epoch: 1, sequence: UInt64(number)))
            }
            var taken: [Acknowledgement] = []
            replicator.forEachAhead(messages) { taken.append($0) }
            XCTAssertEqual(taken, messages)
        }
    }
}
