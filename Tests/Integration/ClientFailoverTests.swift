import XCTest

/// The client goes on with another node when its own dies.
final class ClientFailoverTests: IntegrationTestCase {
    func test_repl_itsNodeDies_goesOnWithANodeThatItLearnedOf() throws {
        let ring = try TestRing(3, in: self)
        let terminal = try Terminal()
        // It is told of one node only.
        let process = try start(
            Programs.client, ["-server", "127.0.0.1:\(ring[1].port)"], input: .terminal(path: terminal.path),
            environment: ["HOME": folder, "XDG_STATE_HOME": "", "TERM": "dumb"])
        try terminal.waitFor("> ")
        let before = try process.bytesRead()
        try terminal.type("SET key value\n")
        try terminal.waitFor("OK")
        // It asks for the other nodes by itself: an answer much longer than that to SET.
        try poll(until: "it has learned of the others") { try process.bytesRead() > before + 600 }
        ring.kill(1)
        try terminal.waitFor("> ")
        try terminal.type("GET key\n")
        try terminal.waitFor("value")
        try terminal.waitFor("> ")
        try terminal.type("SET key other\n")
        try terminal.waitFor("OK")
        try terminal.type("EXIT\n")
        XCTAssertEqual(try process.waitForExit(), 0)
        XCTAssertEqual(try ring.client(2).get("key"), "other")
    }

    func test_command_firstServerIsDead_usesTheSecond() throws {
        let node = try startLoneNode()
        let dead = try FreePorts.next(1)[0]
        let process = try runClient(["-server", "127.0.0.1:\(dead),127.0.0.1:\(node.port)", "SET", "key", "value"])
        XCTAssertEqual(process.exitCode, 0, process.errors)
    }
}
