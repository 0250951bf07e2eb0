import Protocol
import XCTest

@testable import Cluster

/// GETs that are carried out together at the primary, in virtual time.
final class ReadGroupTests: XCTestCase {
    private var nodes = TestNodes()
    private let key = TestNodes.keys[0]

    override func setUp() {
        nodes = TestNodes()
        _ = nodes.makeRing(3)
        nodes.run(for: .seconds(3))
    }

    override func tearDown() {
        for host in nodes.hosts { XCTAssertEqual(host.answeredTwice, [], "answered twice") }
    }

    private func primary() throws -> TestHost { try XCTUnwrap(nodes.hosts.first(where: leads)) }

    private func leads(_ host: TestHost) -> Bool { host.node?.replicator.replica(Slot(key: key)).leadership != nil }

    private func read(_ host: TestHost, _ keys: [[UInt8]], token: UInt64, at consistency: Consistency = .quorum) -> Int {
        var count = 0
        nodes.turn(host) { _ in count = host.readTogether(keys, at: consistency, token: token) }
        return count
    }

    private func number(_ outcome: Outcome?) -> Int? {
        guard case .found(let entry)? = outcome else { return nil }
        return Int(String(decoding: entry.value, as: UTF8.self))
    }

    func test_atThePrimary_theyHoldWhenAMajorityHasConfirmed() throws {
        let host = try primary()
        _ = nodes.ask(host, .add(5), key)
        XCTAssertEqual(read(host, [key, key, key], token: 100), 3)
        XCTAssertEqual(host.confirmed, [], "nobody has said that it still leads")
        XCTAssertEqual(host.node?.coordinator.requestsInFlight, 3)
        // One of the others is enough.
        let silent = try XCTUnwrap(nodes.hosts.first { $0 !== host })
        nodes.isSilenced = { $0 === silent }
        XCTAssertTrue(nodes.run(until: { host.confirmed == [100] }, within: .milliseconds(100)))
        XCTAssertEqual((100..<103).map { number(host.answers[$0]) }, [5, 5, 5])
        XCTAssertEqual(host.node?.coordinator.requestsInFlight, 0)
    }

    func test_whereSomethingElseHasToBeAwaited_theyAreNotCarriedOut() throws {
        let host = try primary()
        let other = try XCTUnwrap(nodes.hosts.first { $0 !== host })
        XCTAssertEqual(read(other, [key], token: 100), 0, "another one leads")
        XCTAssertEqual(read(host, [key], token: 100, at: .one), 0, "nobody has to confirm it")
        _ = nodes.ask(host, .set(value: [UInt8](repeating: 7, count: 5_000), ttlMilliseconds: nil), key)
        XCTAssertEqual(read(host, [key], token: 100), 0, "it would be copied")
        _ = nodes.submit(host, .set(value: [1], ttlMilliseconds: nil), key)
        XCTAssertEqual(read(host, [key], token: 100), 0, "a write is not committed")
    }

    /// Their answers were made by one who did not lead any more.
    func test_whereTheSlotHasChangedHands_theyAreReadAgain_atWhoLeadsNow() throws {
        let old = try primary()
        _ = nodes.ask(old, .add(1), key)
        // What it says is not heard: the others go on without it.
        nodes.isSilenced = { $0 === old }
        XCTAssertEqual(read(old, [key, key], token: 100), 2)
        let isTaken = { self.nodes.hosts.contains { $0 !== old && self.leads($0) } }
        XCTAssertTrue(nodes.run(until: isTaken, within: .milliseconds(1_500)))
        let new = try XCTUnwrap(nodes.hosts.first { $0 !== old && leads($0) })
        guard case .written? = nodes.ask(new, .add(1), key) else { return XCTFail("not written") }
        nodes.closeLinks(of: old)
        nodes.isSilenced = { _ in false }
        XCTAssertTrue(nodes.run(until: { old.answers[100] != nil && old.answers[101] != nil }, within: .seconds(4)))
        XCTAssertEqual([100, 101].map { number(old.answers[$0]) }, [2, 2])
        XCTAssertEqual(old.confirmed, [], "what they had found was old")
    }

    func test_whereNobodyConfirms_theyAreGivenUpInTime() throws {
        let host = try primary()
        nodes.isSilenced = { $0 !== host }
        XCTAssertEqual(read(host, [key, key], token: 100), 2)
        nodes.run(for: .seconds(3))
        for token in UInt64(100)..<102 {
            guard case .unavailable? = host.answers[token] else {
                XCTFail("\(String(describing: host.answers[token]))")
                continue
            }
        }
        XCTAssertEqual(host.confirmed, [])
        XCTAssertEqual(host.node?.coordinator.requestsInFlight, 0)
    }
}
