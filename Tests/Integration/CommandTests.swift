import XCTest

/// `torc` as scripts use it: one command, or lines from a pipe.
final class CommandTests: IntegrationTestCase {
    private func torc(
        _ node: NodeProcess, _ arguments: [String], input: ChildProcess.Input = .nothing
    ) throws -> ChildProcess {
        try runClient(["-server", "127.0.0.1:\(node.port)"] + arguments, input: input)
    }

    func test_oneCommand_outputAndExitCode() throws {
        let node = try startLoneNode()
        let set = try torc(node, ["SET", "key", "a value"])
        XCTAssertEqual(set.exitCode, 0)
        XCTAssertEqual(set.output, "OK\n")
        let get = try torc(node, ["get", "key"])
        XCTAssertEqual(get.exitCode, 0)
        XCTAssertEqual(get.output, "a value\n")
        XCTAssertEqual(try torc(node, ["DELETE", "key"]).exitCode, 0)
        let missing = try torc(node, ["GET", "key"])
        XCTAssertEqual(missing.exitCode, 1)
        XCTAssertEqual(missing.output, "")
        XCTAssertTrue(missing.errors.contains("key not found"))
    }

    func test_wrongUse_isTwo() throws {
        let node = try startLoneNode()
        XCTAssertEqual(try torc(node, ["GET"]).exitCode, 2)
        XCTAssertEqual(try torc(node, ["NONSENSE", "key"]).exitCode, 2)
        XCTAssertEqual(try torc(node, ["GET", ""]).exitCode, 2)
        let flag = try runClient(["-no-such-flag"])
        XCTAssertEqual(flag.exitCode, 2)
        XCTAssertEqual(flag.errorLines.count, 1)
        XCTAssertEqual(try runClient(["-server", "nowhere", "GET", "key"]).exitCode, 2)
        XCTAssertEqual(try runClient(["-help"]).exitCode, 0)
    }

    func test_nobodyThere_isThree() throws {
        let port = try FreePorts.next(1)[0]
        let process = try runClient(["-server", "127.0.0.1:\(port)", "-timeout", "300ms", "GET", "key"])
        XCTAssertEqual(process.exitCode, 3)
        XCTAssertEqual(process.errorLines.count, 1, process.errors)
    }

    func test_noMajority_isThree() throws {
        let ring = try TestRing(2, in: self)
        ring.kill(1)
        let process = try torc(ring[0], ["SET", "key", "value"])
        XCTAssertEqual(process.exitCode, 3)
        XCTAssertTrue(process.errors.contains("no majority"), process.errors)
    }

    func test_pipe_runsLinesWithoutPrompts() throws {
        let node = try startLoneNode()
        let lines = "SET a 1\nSET b \"2 3\"\n\nGET a\nGET b\nDELETE a\nSTATUS\nEXIT\nGET never\n"
        let process = try torc(node, [], input: .pipe(lines))
        XCTAssertEqual(process.exitCode, 0)
        XCTAssertEqual(Array(process.outputLines.prefix(5)), ["OK", "OK", "1", "2 3", "OK"])
        XCTAssertFalse(process.output.contains(">"))
        XCTAssertEqual(process.errors, "")
    }

    func test_pipe_failures_setTheExitCode() throws {
        let node = try startLoneNode()
        let process = try torc(node, [], input: .pipe("GET missing\nSET a 1\n"))
        XCTAssertEqual(process.exitCode, 1)
        XCTAssertEqual(process.output, "OK\n")
    }

    func test_jsonStatus_isOneObjectWithAllFields() throws {
        let ring = try TestRing(2, in: self)
        let process = try torc(ring[0], ["-json", "status"])
        XCTAssertEqual(process.exitCode, 0)
        XCTAssertEqual(process.outputLines.count, 1)
        let object = try XCTUnwrap(
            JSONSerialization.jsonObject(with: Data(process.output.utf8)) as? [String: Any])
        XCTAssertEqual(Set(object.keys), ["ring", "nodes", "waiting"])
        let nodes = try XCTUnwrap(object["nodes"] as? [[String: Any]])
        XCTAssertEqual(nodes.count, 2)
        let fields: Set = ["id", "addr", "zone", "status", "liveness", "targets", "holds", "keys", "bytes"]
        for node in nodes { XCTAssertTrue(fields.isSubset(of: Set(node.keys)), "\(node.keys)") }
        XCTAssertEqual(nodes.compactMap { $0["addr"] as? String }, ring.ports.map { "127.0.0.1:\($0)" })
        XCTAssertEqual((object["waiting"] as? [Any])?.count, 0)
    }

    func test_bytesThatAreNotText_goInAndOut() throws {
        let node = try startLoneNode()
        let set = try LineClient(port: node.port)
            .ask(#"{"type":"SET","key":"bytes","value":"AP8=","encoding":"base64"}"#)
        XCTAssertTrue(set.isSuccess)
        let process = try torc(node, ["-json", "GET", "bytes"])
        XCTAssertTrue(process.output.contains("\"AP8=\""), process.output)
    }
}
