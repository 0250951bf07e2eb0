import XCTest

/// Where the copies of keys are.
final class DistributionTests: IntegrationTestCase {
    func test_tenThousandKeys_writtenThroughANodeThatOwnsNone_areReadThroughAllOthersInEvenShares() throws {
        // Five nodes, two copies: most keys are forwarded by whatever node takes the request.
        let ring = try TestRing(5, flags: ["-replicas", "2"], in: self)
        let entries = (0..<10_000).map { (key: "key-\($0)", value: "value-\($0)") }
        try ring.client(0).setAll(entries)
        let expected = Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
        for index in 1..<5 {
            XCTAssertEqual(try ring.client(index).getAll(entries.map(\.key)), expected, ring[index].id)
        }
        // A copy that is not the primary's hears of the last commits a moment later.
        let keys = try poll("every copy of every key is counted") { () -> [String: Int]? in
            let keys = try ring.client(0).status().keys
            return keys.map { $0.values.reduce(0, +) } == 20_000 ? keys : nil
        }
        for (id, count) in keys { XCTAssertLessThanOrEqual(Double(count), 20_000 / 5 * 1.15, id) }
        for node in try ring.client(0).status().nodes {
            XCTAssertLessThanOrEqual(Double(node.leads ?? 0), Double(RingStatus.slots) / 5 * 1.15, node.id)
        }
    }

    func test_keysOfOtherNodes_throughANodeWithoutACopy_areForwarded() throws {
        let ring = try TestRing(4, flags: ["-replicas", "1"], in: self)
        let entries = (0..<400).map { (key: "key-\($0)", value: "value-\($0)") }
        var servers: [String: Int] = [:]
        try ring.client(0).pipeline(entries.map { LineClient.setRequest($0.key, $0.value) }) {
            XCTAssertNil($1.error)
            servers[$1.node ?? "", default: 0] += 1
        }
        XCTAssertEqual(Set(servers.keys), Set(ring.ids))
        let keys = try poll("every key is counted once") { () -> [String: Int]? in
            let keys = try ring.client(1).status().keys
            return keys.map { $0.values.reduce(0, +) } == 400 ? keys : nil
        }
        XCTAssertEqual(keys, servers)
        XCTAssertEqual(try ring.client(3).getAll(entries.map(\.key)).count, 400)
    }

    func test_threeNodes_threeReplicas_allHoldAllAndLeadAThird() throws {
        let ring = try TestRing(3, in: self)
        try ring.client(2).setAll((0..<300).map { ("k\($0)", "v") })
        let status = try poll("every node has every key") { () -> RingStatus? in
            let status = try ring.client(1).status()
            return status.keys == ["server1": 300, "server2": 300, "server3": 300] ? status : nil
        }
        XCTAssertEqual(status.ring.replicas, 3)
        for node in status.nodes {
            XCTAssertEqual(node.targets, RingStatus.slots)
            XCTAssertLessThanOrEqual(Double(node.leads ?? 0), Double(RingStatus.slots) / 3 * 1.15, node.id)
        }
    }
}
