import XCTest

/// What a node makes of the folder that it is given.
final class DataFolderTests: IntegrationTestCase {
    private func stoppedNode() throws -> NodeProcess {
        let node = try startLoneNode()
        node.process.signal(SIGTERM)
        XCTAssertEqual(try node.process.waitForExit(), 0)
        return node
    }

    func test_newerFormat_isRefused() throws {
        let node = try stoppedNode()
        let path = dataPath("server1") + "/torc"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        XCTAssertTrue(text.hasPrefix("format 5\n"))
        let newer = text.replacingOccurrences(of: "format 5\n", with: "format 99\n")
        try newer.write(toFile: path, atomically: true, encoding: .utf8)
        let again = try startNode("server1", port: node.port)
        XCTAssertEqual(try again.process.waitForExit(), 1)
        XCTAssertEqual(again.process.errorLines.count, 1)
        XCTAssertTrue(again.process.errors.contains("has format 99"), again.process.errors)
    }

    func test_folderOfAnotherNode_isRefused() throws {
        let node = try stoppedNode()
        let other = try startNode("server9", port: node.port, data: dataPath("server1"))
        XCTAssertEqual(try other.process.waitForExit(), 1)
        XCTAssertTrue(other.process.errors.contains("belongs to node server1, not server9"), other.process.errors)
    }

    func test_folderInUse_isRefused() throws {
        _ = try startLoneNode()
        let other = try startNode("server1", port: FreePorts.next(1)[0])
        XCTAssertEqual(try other.process.waitForExit(), 1)
        XCTAssertTrue(other.process.errors.contains("is in use by another torc-node"), other.process.errors)
    }

    func test_noID_isMadeOnceAndKept() throws {
        let port = try FreePorts.next(1)[0]
        let flags = ["-addr", "127.0.0.1:\(port)", "-data", dataPath("any")]
        var ids: [String] = []
        for _ in 0..<2 {
            let node = NodeProcess(id: "any", port: port, process: try start(Programs.node, flags))
            try node.waitUntilReady()
            ids += try LineClient(port: port).status().nodes.map(\.id)
            node.process.signal(SIGTERM)
            XCTAssertEqual(try node.process.waitForExit(), 0)
        }
        XCTAssertEqual(ids.count, 2)
        XCTAssertEqual(ids.first, ids.last)
    }

    func test_otherReplicas_thanTheFolderKnows_isRefused() throws {
        let node = try stoppedNode()
        let again = try startNode("server1", port: node.port, ["-replicas", "2"])
        XCTAssertEqual(try again.process.waitForExit(), 1)
        XCTAssertTrue(again.process.errors.contains("this ring keeps 3 replicas, you said 2"), again.process.errors)
    }
}
