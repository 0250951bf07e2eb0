import XCTest

/// Nodes that are asked to end.
final class StoppingTests: IntegrationTestCase {
    func test_sigterm_loneNode_comesBackWithItsData() throws {
        let node = try startLoneNode()
        let entries = (0..<100).map { (key: "key-\($0)", value: "value-\($0)") }
        try LineClient(port: node.port).setAll(entries)
        node.process.signal(SIGTERM)
        XCTAssertEqual(try node.process.waitForExit(), 0)
        XCTAssertEqual(node.process.outputLines.count, 1)

        let again = try startNode("server1", port: node.port)
        try again.waitUntilReady()
        XCTAssertEqual(again.readyLine, "torc-node server1 ready on 127.0.0.1:\(node.port), ring of 1")
        let values = try LineClient(port: node.port).getAll(entries.map(\.key))
        XCTAssertEqual(values, Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) }))
    }

    func test_sigterm_oneOfThreeUnderLoad_handsItsRoleOverAndComesBack() throws {
        let ring = try TestRing(3, in: self)
        let load = WriteLoad(ports: [ring.ports[0], ring.ports[1]])
        try load.goOn()
        ring[2].process.signal(SIGTERM)
        XCTAssertEqual(try ring[2].process.waitForExit(), 0)
        try load.goOn()
        try ring.restart(2)
        try ring[2].waitUntilReady()
        try ring.waitUntilSettled()
        try load.stop()
        for record in load.records {
            XCTAssertEqual(record.errors, [])
            XCTAssertLessThan(record.longestWait, WriteLoad.patience)
        }
        XCTAssertEqual(try load.losses(readBy: ring.client(2)), [])
    }

    func test_sigterm_withASilentConnection_endsInGoodOrder() throws {
        let node = try startLoneNode()
        let silent = try LineClient(port: node.port)
        // Answered on another connection, so that the node has taken the silent one in.
        try LineClient(port: node.port).set("key", "value")
        node.process.signal(SIGTERM)
        XCTAssertEqual(try node.process.waitForExit(), 0, node.process.errors)
        XCTAssertTrue(try silent.isClosedByNode())
    }

    func test_sigint_loneNode_cannotLeaveAndKeepsItsData() throws {
        let node = try startLoneNode()
        try LineClient(port: node.port).set("key", "value")
        node.process.signal(SIGINT)
        XCTAssertEqual(try node.process.waitForExit(), 3)
        XCTAssertTrue(node.process.errors.contains("cannot leave"), node.process.errors)
        let again = try startNode("server1", port: node.port)
        try again.waitUntilReady()
        XCTAssertEqual(try LineClient(port: node.port).get("key"), "value")
    }

    func test_onInt_stop_stopsInsteadOfLeaving() throws {
        let node = try startLoneNode(["-on-int", "stop"])
        node.process.signal(SIGINT)
        XCTAssertEqual(try node.process.waitForExit(), 0)
    }

    func test_onTerm_leave_leavesInsteadOfStopping() throws {
        let node = try startLoneNode(["-on-term", "leave"])
        node.process.signal(SIGTERM)
        XCTAssertEqual(try node.process.waitForExit(), 3)
    }

    func test_secondSignal_whileLeaving_stopsAtOnce() throws {
        let ring = try TestRing(2, in: self)
        // Who is to take the slots neither answers nor is known to be dead, so that the leave waits.
        ring[1].process.signal(SIGSTOP)
        ring[0].process.signal(SIGINT)
        try ring[0].waitUntilItSays("leaves the ring")
        ring[0].process.signal(SIGINT)
        XCTAssertEqual(try ring[0].process.waitForExit(within: .seconds(5)), 128 + SIGINT)
    }
}
