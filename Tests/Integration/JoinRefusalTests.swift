import XCTest

/// Nodes that must not come in, and those that have to wait.
final class JoinRefusalTests: IntegrationTestCase {
    func test_secondNode_withALiveID_isRefused() throws {
        let ring = try TestRing(2, in: self)
        let second = try startNode(
            "server2", port: FreePorts.next(1)[0], ["-join", "127.0.0.1:\(ring[0].port)"], data: dataPath("second"))
        XCTAssertEqual(try second.process.waitForExit(), 1)
        let said = second.process.errors
        XCTAssertTrue(said.contains("id server2 is in use by a live node at 127.0.0.1:\(ring[1].port)"), said)
        XCTAssertTrue(ring[1].process.isRunning)
        try ring.waitUntilSettled()
    }

    func test_secondNode_withTheIDOfTheNodeItJoins_isRefused() throws {
        let first = try startLoneNode()
        let second = try startNode(
            "server1", port: FreePorts.next(1)[0], ["-join", "127.0.0.1:\(first.port)"], data: dataPath("second"))
        XCTAssertEqual(try second.process.waitForExit(), 1)
        XCTAssertTrue(second.process.errors.contains("id server1 is in use"), second.process.errors)
        XCTAssertTrue(first.process.isRunning)
    }

    func test_otherReplicas_isRefusedWithBothNumbers() throws {
        let first = try startLoneNode()
        let second = try startNode(
            "server2", port: FreePorts.next(1)[0], ["-join", "127.0.0.1:\(first.port)", "-replicas", "2"])
        XCTAssertEqual(try second.process.waitForExit(), 1)
        XCTAssertTrue(
            second.process.errors.contains("this ring keeps 3 replicas, you said 2"), second.process.errors)
    }

    func test_deadSeed_joinerSaysSoAndJoinsWhenItComesAlive() throws {
        let ports = try FreePorts.next(2)
        let joiner = try startNode("server2", port: ports[1], ["-join", "127.0.0.1:\(ports[0])"])
        try joiner.waitUntilItSays("127.0.0.1:\(ports[0])")
        try poll(until: "it says that nobody answers") { joiner.process.errors.contains("refused") }
        let answer = try LineClient(port: ports[1]).ask(LineClient.getRequest("key"))
        XCTAssertFalse(answer.isSuccess)
        XCTAssertNil(joiner.readyLine)

        let first = try startNode("server1", port: ports[0])
        try first.waitUntilReady()
        try joiner.waitUntilReady()
        XCTAssertEqual(joiner.readyLine, "torc-node server2 ready on 127.0.0.1:\(ports[1]), ring of 2")
    }

    func test_deadAndLiveSeeds_joinsByTheLiveOne() throws {
        let first = try startLoneNode()
        let ports = try FreePorts.next(2)
        let joiner = try startNode(
            "server2", port: ports[1], ["-join", "127.0.0.1:\(ports[0]),127.0.0.1:\(first.port)"])
        try joiner.waitUntilReady()
    }

    func test_dataOfAnotherRing_isRefused() throws {
        let first = try startLoneNode()
        let other = try startNode("server2", port: FreePorts.next(1)[0])
        try other.waitUntilReady()
        other.process.signal(SIGTERM)
        XCTAssertEqual(try other.process.waitForExit(), 0)
        let back = try startNode("server2", port: other.port, ["-join", "127.0.0.1:\(first.port)"])
        try back.waitUntilItSays("ring")
        try poll(until: "it is told of the other ring") { back.process.errors.contains("you belong to ring") }
        XCTAssertEqual(try LineClient(port: first.port).status().nodes.map(\.id), ["server1"])
    }
}
