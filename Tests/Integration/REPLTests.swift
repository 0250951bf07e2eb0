import XCTest

/// `torc` as a person uses it, on a terminal.
final class REPLTests: IntegrationTestCase {
    private func openREPL(_ node: NodeProcess, home: String) throws -> (Terminal, ChildProcess) {
        let terminal = try Terminal()
        let process = try start(
            Programs.client, ["-server", "127.0.0.1:\(node.port)"], input: .terminal(path: terminal.path),
            environment: ["HOME": home, "XDG_STATE_HOME": "", "TERM": "dumb"])
        try terminal.waitFor("> ")
        return (terminal, process)
    }

    /// Types a line and waits for what comes of it and the next prompt.
    private func enter(_ line: String, _ expected: String, _ terminal: Terminal) throws {
        try terminal.type(line + "\n")
        try terminal.waitFor("\n")
        try terminal.waitFor(expected)
        try terminal.waitFor("> ")
    }

    func test_terminal_commands_areAnswered() throws {
        let node = try startLoneNode()
        let (terminal, process) = try openREPL(node, home: folder)
        try enter("SET mykey myvalue", "OK", terminal)
        try enter("GET mykey", "myvalue", terminal)
        try enter("set quoted \"two words\"", "OK", terminal)
        try enter("get quoted", "two words", terminal)
        try enter("DELETE mykey", "OK", terminal)
        try enter("GET mykey", "key not found", terminal)
        try enter("HELP", "DELETE key", terminal)
        try enter("STATUS", "server1", terminal)
        try enter("NONSENSE", "unknown command", terminal)
        try enter("SET onlykey", "usage: SET key value", terminal)
        try enter("SET key \"open", "not closed", terminal)
        try terminal.type("EXIT\n")
        XCTAssertEqual(try process.waitForExit(), 0)
        XCTAssertEqual(try LineClient(port: node.port).get("quoted"), "two words")
    }

    func test_endOfInput_endsIt() throws {
        let (terminal, process) = try openREPL(startLoneNode(), home: folder)
        try terminal.type("\u{4}")
        XCTAssertEqual(try process.waitForExit(), 0)
    }

    func test_history_isKeptAcrossRunsAndForItsOwnerOnly() throws {
        let node = try startLoneNode()
        for value in ["first", "second"] {
            let (terminal, process) = try openREPL(node, home: folder)
            try enter("SET key \(value)", "OK", terminal)
            try terminal.type("EXIT\n")
            XCTAssertEqual(try process.waitForExit(), 0)
        }
        let path = "\(folder)/.torc_history"
        // libedit writes a space as \040.
        let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "\\040", with: " ")
        XCTAssertTrue(text.contains("SET key first"), text)
        XCTAssertTrue(text.contains("SET key second"), text)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        XCTAssertEqual(mode, 0o600)
    }

    func test_tab_completesACommand() throws {
        let (terminal, _) = try openREPL(startLoneNode(), home: folder)
        try terminal.type("STA\t")
        try terminal.waitFor("STATUS")
        try terminal.type("\n")
        try terminal.waitFor("server1")
    }
}
