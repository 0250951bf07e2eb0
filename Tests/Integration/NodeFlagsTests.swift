import XCTest

/// The command line of `torc-node`.
final class NodeFlagsTests: IntegrationTestCase {
    private func assertRefused(
        _ flags: [String], code: Int32 = 2, _ words: String, file: StaticString = #filePath, line: UInt = #line
    ) throws {
        let process = try runNode(flags)
        XCTAssertEqual(process.exitCode, code, "\(flags)", file: file, line: line)
        XCTAssertEqual(process.errorLines.count, 1, process.errors, file: file, line: line)
        XCTAssertTrue(process.errors.contains(words), process.errors, file: file, line: line)
        XCTAssertEqual(process.output, "", file: file, line: line)
    }

    func test_unknownFlag_isOneLineAndTwo() throws {
        try assertRefused(["-no-such-flag"], "unknown flag -no-such-flag")
        try assertRefused(["--no-such-flag=1"], "no-such-flag")
        try assertRefused(["stray"], "unexpected argument stray")
    }

    func test_badValues_areOneLineAndTwo() throws {
        try assertRefused(["-replicas", "many"], "-replicas many")
        try assertRefused(["-replicas", "0"], "-replicas 0")
        try assertRefused(["-addr", "nowhere"], "-addr nowhere")
        try assertRefused(["-join", "localhost"], "-join localhost")
        try assertRefused(["-fsync", "sometimes"], "-fsync sometimes")
        try assertRefused(["-storage", "paper"], "-storage paper")
        try assertRefused(["-evict-after", "soon"], "-evict-after soon")
        try assertRefused(["-log-level", "loud"], "-log-level loud")
        try assertRefused(["-on-int", "explode"], "-on-int explode")
        try assertRefused(["-id", "with space"], "-id with space")
        try assertRefused(["-id"], "-id needs a value")
    }

    func test_help_showsAllFlagsWithDefaults() throws {
        for flag in ["-help", "--help"] {
            let process = try runNode([flag])
            XCTAssertEqual(process.exitCode, 0)
            XCTAssertEqual(process.errors, "")
            for name in [
                "-id", "-addr", "-join", "-data", "-storage", "-replicas", "-fsync", "-zone", "-weight",
                "-evict-after", "-backlog", "-log-level", "-log-format", "-on-int", "-on-term", "-insecure",
            ] {
                XCTAssertTrue(process.output.contains(name), name)
            }
            XCTAssertTrue(process.output.contains("localhost:8081"))
        }
    }

    /// It begins anew with a setting of its allocator, as the same process; a setting of the user's stays as it is.
    func test_environment_hasTheAllocatorsSettingOnce() throws {
        for (id, mine) in [("default", nil), ("mine", "glibc.malloc.tcache_count=9")] {
            let flags = ["-id", id, "-addr", "127.0.0.1:\(try FreePorts.next(1)[0])", "-storage", "memory", "-data", dataPath(id)]
            let node = try start(Programs.node, flags, environment: mine.map { ["GLIBC_TUNABLES": $0] } ?? [:])
            try poll(until: "\(id) is ready") { node.output.contains(" ready on ") }
            let environment = try String(contentsOfFile: "/proc/\(node.pid)/environ", encoding: .utf8).split(separator: "\0")
            XCTAssertEqual(
                environment.filter { $0.hasPrefix("GLIBC_TUNABLES=") },
                ["GLIBC_TUNABLES=\(mine ?? "glibc.malloc.tcache_count=4096")"[...]])
            XCTAssertEqual(try String(contentsOfFile: "/proc/\(node.pid)/comm", encoding: .utf8), "torc-node\n")
        }
    }

    func test_takenPort_isOneLine() throws {
        let first = try startLoneNode()
        let flags = ["-id", "other", "-addr", "127.0.0.1:\(first.port)", "-data", dataPath("other")]
        try assertRefused(flags, code: 1, "\(first.port)")
    }

    func test_portTakenForUDPOnly_isOneLine() throws {
        let port = try FreePorts.next(1)[0]
        let socket = try XCTUnwrap(FreePorts.bind(port, SOCK_DGRAM))
        defer { close(socket) }
        try assertRefused(["-addr", "127.0.0.1:\(port)", "-data", dataPath("other")], code: 1, "\(port)")
    }

    func test_beyondLoopback_needsInsecure() throws {
        let port = try FreePorts.next(1)[0]
        try assertRefused(["-addr", "0.0.0.0:\(port)", "-data", dataPath("open")], "-insecure")
        XCTAssertFalse(FileManager.default.fileExists(atPath: dataPath("open")))
    }

    func test_twoDashesAndEquals_areTheSame() throws {
        let port = try FreePorts.next(1)[0]
        let flags = ["--id=server7", "--addr=localhost:\(port)", "--data=\(dataPath("7"))", "--log-format=json"]
        let node = NodeProcess(id: "server7", port: port, process: try start(Programs.node, flags))
        try node.waitUntilReady()
        XCTAssertEqual(node.process.outputLines.count, 1)
        for line in node.process.errorLines {
            XCTAssertNoThrow(try JSONSerialization.jsonObject(with: Data(line.utf8)), line)
        }
    }

    func test_dataFolderThatCannotBe_isOneLine() throws {
        let port = try FreePorts.next(1)[0]
        try Data().write(to: URL(fileURLWithPath: "\(folder)/file"))
        try assertRefused(["-addr", "127.0.0.1:\(port)", "-data", "\(folder)/file"], code: 1, "\(folder)/file")
    }
}
