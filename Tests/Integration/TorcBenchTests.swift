import Foundation
import XCTest

/// `torc bench` as a program, against a real node and its own null server.
final class TorcBenchTests: IntegrationTestCase {
    private func bench(_ arguments: [String]) throws -> ChildProcess {
        try runClient(["bench"] + arguments)
    }

    private func report(_ name: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)"))
        return try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    func test_node_bothProtocols_everyVerb() throws {
        let node = try startLoneNode(["-replicas", "1", "-storage", "memory"])
        let address = "127.0.0.1:\(node.port)"
        for (wire, mix) in [
            ("resp", "get:4,set:3,del:1,incr:1,append:1,ping:1,insert:1,rmw:1"),
            ("json", "get:4,set:3,del:1,incr:1,append:1,insert:1,rmw:1"),
        ] {
            let process = try bench([
                "-server", address, "-protocol", wire, "-mix", mix, "-keys", "500", "-requests", "3k", "-clients", "7",
                "-pipeline", "5", "-server-pid", "\(node.process.pid)", "-json", "\(folder)/\(wire).json",
            ])
            XCTAssertEqual(process.exitCode, 0, process.errors)
            XCTAssertTrue(process.output.contains("errors: none"), process.output)
            let run = try XCTUnwrap(report("\(wire).json")["run"] as? [String: Any])
            XCTAssertEqual(run["operations"] as? Int, 3_000)
            XCTAssertGreaterThan(try XCTUnwrap(run["server_ns"] as? Double), 0)
        }
    }

    func test_node_consistencyOne_andWorkloadsOfYCSB() throws {
        let node = try startLoneNode(["-replicas", "1", "-storage", "memory"])
        let address = "127.0.0.1:\(node.port)"
        for workload in ["a", "b", "c", "d", "f"] {
            let process = try bench([
                "-server", address, "-workload", workload, "-keys", "200", "-requests", "1k", "-clients", "3",
                "-consistency", workload == "c" ? "one" : "quorum",
            ])
            XCTAssertEqual(process.exitCode, 0, process.errors)
            XCTAssertTrue(process.output.contains("errors: none"), process.output)
        }
    }

    func test_ring_cluster_sendsEachKeyToItsPrimary() throws {
        // These nodes refuse over the Redis protocol what another one leads: a request that goes astray is an error.
        let ring = try TestRing(3, flags: ["-storage", "memory", "-redis-cluster"], in: self)
        let addresses = ring.ports.map { "127.0.0.1:\($0)" }
        for arguments in [
            ["-mix", "set:4,get:3,del:1,incr:1,append:1,ping:1,insert:1,rmw:1"], ["-mix", "set:1,get:1", "-rate", "5k"],
            ["-mix", "set:1", "-dist", "zipf", "-wait", "1"], ["-workload", "d"], ["-workload", "f", "-consistency", "all"],
            ["-mix", "set:1,rmw:1,insert:1", "-dist", "latest", "-protocol", "json"],
        ] {
            let process = try bench(
                ["-server", addresses[1], "-cluster", "-load", "no", "-keys", "500", "-requests", "3k", "-clients", "7",
                 "-pipeline", "5", "-json", "\(folder)/routed.json"] + arguments)
            XCTAssertEqual(process.exitCode, 0, process.errors)
            XCTAssertTrue(process.output.contains("errors: none"), "\(arguments): \(process.output)")
            XCTAssertEqual(try report("routed.json")["cluster"] as? Bool, true)
        }
        let astray = try bench(["-server", addresses[1], "-load", "no", "-mix", "set:1", "-keys", "500", "-requests", "1k"])
        XCTAssertTrue(astray.output.contains("MOVED"), astray.output)
    }

    func test_nullServer_answersAll_andRatiosArePrinted() throws {
        let null = try start(Programs.client, ["bench", "-null-server", "127.0.0.1:0"])
        try poll(until: "the null server is ready") { null.output.contains("ready on ") }
        let address = try XCTUnwrap(null.output.split(whereSeparator: \.isWhitespace).last)
        let process = try bench([
            "-server", "redis://\(address)", "-against", "redis://\(address)", "-rounds", "3", "-requests", "2k",
            "-keys", "100", "-server-pid", "\(null.pid)", "-against-pid", "\(null.pid)", "-json", "\(folder)/null.json",
        ])
        XCTAssertEqual(process.exitCode, 0, process.errors)
        XCTAssertTrue(process.output.contains("medians of 3 interleaved runs"), process.output)
        let report = try report("null.json")
        XCTAssertEqual((report["rounds"] as? [Any])?.count, 3)
        let ratios = try XCTUnwrap(report["ratios"] as? [String: [String: Double]])
        XCTAssertGreaterThan(try XCTUnwrap(ratios["rate"]?["median"]), 0)
        XCTAssertGreaterThan(try XCTUnwrap(ratios["server_ns"]?["median"]), 0)
    }

    func test_whatCannotBe_isOneLineAndItsCode() throws {
        let port = try FreePorts.next(1)[0]
        for (arguments, code, words) in [
            (["-server", "127.0.0.1:\(port)", "-requests", "1"], 3, "connection refused"),
            (["-server", "127.0.0.1:\(port)", "-protocol", "http"], 2, "does not serve keys over HTTP"),
            (["-server", "127.0.0.1:\(port)", "-cluster", "-load", "no"], 3, "does not answer CLUSTER NODES: connection refused"),
            (["-server", "redis://127.0.0.1:\(port)", "-cluster"], 2, "-cluster asks nodes of Torc"),
            (["-mix", "scan:1"], 2, "\"scan\" is not one of"), (["-wait", "1"], 2, "-wait needs"),
            (["-no-such-flag"], 2, "unknown flag"), (["stray"], 2, "unexpected argument stray"),
        ] as [([String], Int32, String)] {
            let process = try bench(arguments)
            XCTAssertEqual(process.exitCode, code, "\(arguments): \(process.errors)")
            XCTAssertEqual(process.errorLines.count, 1, process.errors)
            XCTAssertTrue(process.errors.contains(words), process.errors)
        }
    }
}
