import XCTest

/// Requests to any node of a ring.
final class ServingTests: IntegrationTestCase {
    func test_everyNode_setGetDelete_isSeenByAllNodes() throws {
        let ring = try TestRing(3, in: self)
        let clients = try ring.nodes.indices.map { try ring.client($0) }
        for (writer, client) in clients.enumerated() {
            let key = "key-\(writer)"
            let written = try client.set(key, "first")
            XCTAssertNotNil(written.version)
            XCTAssertNotNil(written.timestamp)
            XCTAssertTrue(ring.ids.contains(written.node ?? ""))
            for reader in clients { XCTAssertEqual(try reader.get(key), "first") }
            try client.set(key, "second", consistency: "all")
            for reader in clients {
                // All have it; that it is committed each hears a moment later.
                try poll(until: "it is seen at one") { try reader.get(key, consistency: "one") == "second" }
            }
            try clients[(writer + 1) % 3].delete(key)
            for reader in clients { XCTAssertNil(try reader.get(key)) }
            try client.delete(key)
        }
    }

    func test_pipelinedRequests_differentSlots_areAnsweredInOrder() throws {
        let ring = try TestRing(3, in: self)
        let client = try ring.client(1)
        var requests: [String] = []
        for number in 0..<500 {
            let key = "order-\(number % 50)"
            requests.append("{\"type\":\"SET\",\"id\":\(number),\"key\":\"\(key)\",\"value\":\"\(number)\"}")
            requests.append("{\"type\":\"GET\",\"id\":\"g\(number)\",\"key\":\"\(key)\"}")
        }
        try client.pipeline(requests, window: 1_000) { index, answer in
            XCTAssertNil(answer.error)
            let id = index % 2 == 0 ? "\(index / 2)" : "\"g\(index / 2)\""
            XCTAssertEqual(answer.id, Array(id.utf8))
        }
        for number in 450..<500 { XCTAssertEqual(try client.get("order-\(number % 50)"), "\(number)") }
    }

    func test_ttl_whenOver_theKeyIsGoneEverywhere() throws {
        let ring = try TestRing(3, in: self)
        let answer = try ring.client(0).ask(#"{"type":"SET","key":"short","value":"x","ttl":0.2}"#)
        XCTAssertTrue(answer.isSuccess)
        for index in 0..<3 {
            let client = try ring.client(index)
            try poll(until: "the key is gone") { try client.get("short") == nil }
        }
    }

    func test_memoryStorage_ring_servesAndSurvivesOneCrash() throws {
        let ring = try TestRing(3, flags: ["-storage", "memory"], in: self)
        let entries = (0..<200).map { (key: "m\($0)", value: "v\($0)") }
        try ring.client(0).setAll(entries)
        ring.kill(2)
        let values = try ring.client(1).getAll(entries.map(\.key))
        XCTAssertEqual(values, Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) }))
        XCTAssertFalse(FileManager.default.fileExists(atPath: dataPath("server1")))
    }
}
