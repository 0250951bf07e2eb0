import XCTest

/// Nodes that die without a word, and come back.
final class CrashTests: IntegrationTestCase {
    func test_kill_oneOfThreeUnderLoad_livingNodesFailNothingAndLoseNothing() throws {
        let ring = try TestRing(3, in: self)
        let load = WriteLoad(ports: ring.ports + ring.ports)
        try load.goOn()
        let dead = ring[1].port
        ring.kill(1)
        try load.goOn(for: 100, except: [dead])
        try ring.waitUntil(0, sees: 1, as: "dead")
        try load.stop()

        for record in load.records where record.port != dead {
            XCTAssertEqual(record.errors, [])
            XCTAssertFalse(record.isCutOff)
            XCTAssertLessThan(record.longestWait, WriteLoad.patience)
        }
        XCTAssertTrue(load.records.contains { $0.port == dead && $0.isCutOff })
        XCTAssertEqual(try load.losses(readBy: ring.client(0)), [])
        XCTAssertEqual(try load.losses(readBy: ring.client(2)), [])
    }

    func test_restart_withItsData_hasWhatItMissed() throws {
        let ring = try TestRing(3, in: self)
        let client = try ring.client(0)
        try client.setAll((0..<300).map { ("key-\($0)", "old") })
        ring.kill(2)
        try client.setAll((100..<400).map { ("key-\($0)", "new") })
        for number in 0..<50 { try client.delete("key-\(number)") }

        try ring.restart(2)
        try ring[2].waitUntilReady()
        try ring.waitUntilSettled()
        try poll(until: "all have the same number of keys") {
            try client.status().keys == ["server1": 350, "server2": 350, "server3": 350]
        }
        let keys = (0..<400).map { "key-\($0)" }
        var expected: [String: String] = [:]
        for number in 50..<400 { expected["key-\(number)"] = number < 100 ? "old" : "new" }
        XCTAssertEqual(try ring.client(2).getAll(keys, consistency: "one"), expected)
        XCTAssertEqual(try ring.client(2).getAll(keys), expected)
    }

    func test_killAll_restartAll_everythingIsThere() throws {
        let ring = try TestRing(3, in: self)
        let load = WriteLoad(ports: ring.ports)
        try load.goOn(for: 150)
        for index in 0..<3 { ring.kill(index) }
        try load.stop()

        for index in 0..<3 { try ring.restart(index) }
        for node in ring.nodes { try node.waitUntilReady() }
        try ring.waitUntilSettled()
        for index in 0..<3 { XCTAssertEqual(try load.losses(readBy: ring.client(index)), []) }
        try ring.client(0).set("after", "all")
        XCTAssertEqual(try ring.client(1).get("after"), "all")
    }

    func test_kill_oneAfterTheOther_underLoad_losesNothing() throws {
        let ring = try TestRing(3, in: self)
        let load = WriteLoad(ports: [ring.ports[0]])
        for index in [1, 2] {
            try load.goOn()
            ring.kill(index)
            try load.goOn()
            try ring.restart(index)
            try ring[index].waitUntilReady()
            try ring.waitUntilSettled()
        }
        try load.stop()
        XCTAssertEqual(load.records[0].errors, [])
        XCTAssertFalse(load.records[0].isCutOff)
        for index in 0..<3 { XCTAssertEqual(try load.losses(readBy: ring.client(index)), []) }
    }

    func test_twoOfThreeDead_requests_sayThatNoMajorityAnswers() throws {
        let ring = try TestRing(3, in: self)
        let client = try ring.client(0)
        try client.set("key", "value")
        // The two that die may be those that have it, and the third hears of the commit later.
        try poll(until: "it is seen at one") { try client.get("key", consistency: "one") == "value" }
        ring.kill(1)
        ring.kill(2)
        let answer = try client.ask(LineClient.setRequest("key", "lost"))
        XCTAssertFalse(answer.isSuccess)
        XCTAssertTrue(answer.error?.contains("no majority of slot") == true, answer.error ?? "")
        XCTAssertEqual(try client.get("key", consistency: "one"), "value")
        try ring.restart(1)
        try poll(until: "a majority is back") { try client.ask(LineClient.setRequest("key", "kept")).isSuccess }
        XCTAssertEqual(try client.get("key"), "kept")
    }
}
