import Protocol
import UV
import XCTest

@testable import Bench

/// The generator against servers in the same loop, which do as the test wants.
final class GeneratorTests: XCTestCase {
    private var loop: Loop?
    private var servers: [ScriptedServer] = []

    override func setUp() { Signal.ignoreBrokenPipe() }

    override func tearDown() {
        servers = []
        loop?.close()
        loop = nil
    }

    private func madeLoop() throws -> Loop {
        if let loop { return loop }
        let new = try Loop()
        loop = new
        return new
    }

    private func serve(_ answer: @escaping ScriptedServer.Answer) throws -> SocketAddress {
        let server = try ScriptedServer(madeLoop(), answer)
        servers.append(server)
        return server.address
    }

    private func plan(_ address: SocketAddress, _ mix: Mix, requests: Int) -> RunPlan {
        let target = Target(kind: .redis, addresses: [NodeAddress(host: address.ip, port: address.port)])
        var plan = RunPlan(target: target, load: .mix(mix, .uniform))
        plan.requests = requests
        plan.connections = 3
        plan.pipeline = 4
        plan.keys = 100
        return plan
    }

    private func run(_ plan: RunPlan, _ address: SocketAddress) throws -> RunResult {
        let generator = try Generator(madeLoop(), plan)
        let deadline = try UV.Timer(madeLoop()) { generator.giveUp("the run does not end") }
        deadline.start(after: .seconds(30))
        defer { deadline.close() }
        return try generator.run(to: [address])
    }

    func test_closedLoop_doesExactlyWhatIsAskedFor() throws {
        let null = try NullServer(madeLoop(), on: XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 0)), valueSize: 10)
        defer { null.close() }
        for requests in [1, 5, 1_000] {
            let result = try run(plan(null.address, try Mix("get:1,set:1,rmw:1"), requests: requests), null.address)
            XCTAssertEqual(result.count, requests)
            XCTAssertEqual(result.errors.count, 0)
            XCTAssertEqual(result.unanswered, 0)
        }
    }

    func test_fill_sendsEveryKeyOnce() throws {
        var keys: [String: Int] = [:]
        let address = try serve { words in
            keys[words[1], default: 0] += 1
            return words.last == "NX" ? "$-1\r\n" : "-ERR not NX\r\n"
        }
        var plan = plan(address, try Mix("get"), requests: 1)
        plan.load = .fill
        let result = try run(plan, address)
        XCTAssertEqual(result.count, 100)
        XCTAssertEqual(keys.count, 100)
        XCTAssertEqual(keys["key:000000000099"], 1)
        XCTAssertEqual(result.errors.count, 0, "a key that is there is no error")
    }

    func test_errorsAndMisses_areCountedApart() throws {
        var count = 0
        let address = try serve { _ in
            count += 1
            return count % 4 == 0 ? "-TRYAGAIN busy: \(count)\r\n" : count % 4 == 1 ? "$-1\r\n" : "$1\r\nx\r\n"
        }
        let result = try run(plan(address, try Mix("get"), requests: 400), address)
        XCTAssertEqual(result.count, 300)
        XCTAssertEqual(result.misses, 100)
        XCTAssertEqual(result.errors.kinds.map(\.name), ["TRYAGAIN busy"])
        XCTAssertEqual(result.errors.count, 100)
        XCTAssertEqual(result.errors.kinds.first?.text, "TRYAGAIN busy: 4")
    }

    func test_wait_closesEveryBatchAndIsNoOperation() throws {
        var (sets, waits, pending) = (0, 0, 0)
        let address = try serve { words in
            if words[0] == "WAIT" {
                waits += 1
                pending = 0
                return ":\(waits == 3 ? 0 : 1)\r\n"
            }
            sets += 1
            pending += 1
            return "+OK\r\n"
        }
        var plan = plan(address, try Mix("set"), requests: 40)
        plan.connections = 1
        plan.waitReplicas = 1
        let result = try run(plan, address)
        XCTAssertEqual([sets, waits, pending], [40, 10, 0])
        XCTAssertEqual(result.count, 40)
        XCTAssertEqual(result.errors.kinds.map(\.text), ["WAIT: 0 replicas instead of 1"])
    }

    func test_openLoop_stallOfTheServer_countsForAllThatWereDue() throws {
        // Nothing is answered for 300 ms; at 1,000 a second 300 requests become due meanwhile, far more than may be
        // under way. Of 500 requests the median then waited about 50 ms, and a tenth longer than 250 ms.
        let loop = try madeLoop()
        var began: UInt64?
        let address = try serve(until: { [unowned loop] in
            let start = began ?? loop.now
            began = start
            return loop.now - start > 300_000_000
        })
        var plan = plan(address, try Mix("get"), requests: 500)
        plan.rate = 1_000
        plan.connections = 2
        plan.pipeline = 1
        let result = try run(plan, address)
        XCTAssertEqual(result.count, 500)
        XCTAssertGreaterThan(result.latencies.value(at: 0.5), 40_000_000)
        XCTAssertGreaterThan(result.latencies.value(at: 0.9), 230_000_000)
        XCTAssertGreaterThanOrEqual(result.nanoseconds, 499_000_000, "it is not ahead of its plan")
    }

    private func serve(until isReady: @escaping () -> Bool) throws -> SocketAddress {
        let server = try ScriptedServer(madeLoop(), { _ in "$1\r\nx\r\n" }, isReady: isReady)
        servers.append(server)
        return server.address
    }

    func test_openLoop_noReplyAtAll_isGivenUpAndShown() throws {
        let address = try serve(until: { false })
        var plan = plan(address, try Mix("get"), requests: 100)
        plan.rate = 10_000
        plan.drainTime = .milliseconds(50)
        let result = try run(plan, address)
        XCTAssertEqual(result.count, 0)
        XCTAssertEqual(result.unanswered, 100)
        XCTAssertEqual(result.latencies.count, 100)
        XCTAssertGreaterThan(result.latencies.value(at: 0.5), 45_000_000)
        XCTAssertEqual(result.errors.kinds.map(\.name), ["no reply"])
    }

    func test_closedLoop_serverFallsSilent_endsWithWhatIsMissing() throws {
        var count = 0
        let address = try serve(until: {
            count += 1
            return count < 5
        })
        for load in [RunPlan.Load.mix(try Mix("get"), .uniform), .fill] {
            count = 0
            var plan = plan(address, try Mix("get"), requests: 1_000_000)
            plan.load = load
            plan.keys = 1_000_000
            plan.drainTime = .milliseconds(50)
            let result = try run(plan, address)
            XCTAssertEqual(result.unanswered, 12)
            XCTAssertEqual(Set(result.errors.kinds.map(\.name)), ["no reply", "not sent"])
        }
    }

    func test_closedLoop_serverGoes_endsWithWhatIsMissing() throws {
        var count = 0
        let address = try serve { [unowned self] _ in
            count += 1
            if count == 100 { servers[0].close() }
            return count >= 100 ? nil : "+OK\r\n"
        }
        var plan = plan(address, try Mix("set"), requests: 1_000_000)
        plan.drainTime = .milliseconds(300)
        let result = try run(plan, address)
        XCTAssertEqual(result.count, 99)
        XCTAssertEqual(Set(result.errors.kinds.map(\.name)), ["connection", "not sent"])
    }

    func test_noAnswerToTheFirstWords_isOneLine() throws {
        let address = try serve(until: { false })
        let target = Target(kind: .torc, addresses: [NodeAddress(host: address.ip, port: address.port)])
        var plan = RunPlan(target: target, load: .mix(try Mix("get"), .uniform))
        plan.consistency = .one
        plan.drainTime = .milliseconds(50)
        XCTAssertThrowsError(try run(plan, address)) { error in
            let message = (error as? BenchError)?.message ?? ""
            XCTAssertTrue(message.contains("has not answered the first words"), message)
        }
    }

    func test_connectionThatBreaks_isAnErrorAndMadeAgain() throws {
        var count = 0
        let address = try serve { _ in
            count += 1
            return count == 10 ? nil : "+OK\r\n"
        }
        let result = try run(plan(address, try Mix("set"), requests: 60), address)
        XCTAssertGreaterThan(result.errors.count, 0)
        XCTAssertEqual(result.count + result.errors.count, 60)
        XCTAssertEqual(result.errors.kinds.map(\.name), ["connection"])
    }

    func test_nonsense_isAnErrorOfItsConnection() throws {
        var count = 0
        let address = try serve { _ in
            count += 1
            return count == 10 ? "what?" : "+OK\r\n"
        }
        let result = try run(plan(address, try Mix("set"), requests: 60), address)
        XCTAssertTrue(result.errors.kinds.first?.text.contains("is not RESP2") ?? false)
    }

    func test_routed_eachServerGetsItsOwnKeysOnly() throws {
        var keys: [[String]] = [[], []]
        let addresses = try (0..<2).map { number in
            try serve { words in
                if words.count > 1 { keys[number].append(words[1]) }
                return words[0] == "INCR" ? ":1\r\n" : "$1\r\nx\r\n"
            }
        }
        let lines = zip(addresses, ["0-5000", "5001-16383"]).map { "id \($0)@1 master - 0 0 1 connected \($1)" }
        let layout = try Layout(nodes: lines.joined(separator: "\n"))
        for rate in [nil, 20_000] {
            var plan = plan(addresses[0], try Mix("get:4,set:3,del:1,incr:1,append:1,ping:1,insert:1,rmw:1"), requests: 1_000)
            plan.rate = rate
            let generator = try Generator(madeLoop(), plan, layout: layout)
            XCTAssertEqual(generator.servers.map(\.port), addresses.map(\.port))
            let result = try generator.run(to: addresses)
            XCTAssertEqual([result.count, result.errors.count], [1_000, 0])
        }
        XCTAssertTrue(keys.allSatisfy { $0.count > 500 })
        for (server, keys) in keys.enumerated() {
            XCTAssertTrue(keys.allSatisfy { (Slot(key: Array($0.utf8)).index <= 5_000) == (server == 0) })
        }
    }

    func test_layoutQuery_readsTheAnswer_andRefusalsAreOneLine() throws {
        let text = "id 127.0.0.1:7@7 master - 0 0 1 connected 0-16383\n"
        var asked: [[String]] = []
        let node = try serve { words in
            asked.append(words)
            return "$\(text.utf8.count)\r\n\(text)\r\n"
        }
        XCTAssertEqual(try LayoutQuery.ask([node], on: madeLoop()).primaries, [NodeAddress(host: "127.0.0.1", port: 7)])
        XCTAssertEqual(asked, [["CLUSTER", "NODES"]])
        for (server, words) in [
            (try serve { _ in "-ERR unknown command\r\n" }, "CLUSTER NODES: ERR unknown command"),
            (try serve { _ in nil }, "CLUSTER NODES: closed by the peer"), (try serve { _ in "+OK\r\n" }, "CLUSTER NODES: +OK"),
        ] {
            XCTAssertThrowsError(try LayoutQuery.ask([server], on: madeLoop())) { error in
                let message = (error as? BenchError)?.message ?? ""
                XCTAssertTrue(message.hasSuffix(words) && message.contains("\(server)"), message)
            }
        }
    }

    func test_nobodyThere_isOneLine() throws {
        let listener = try Listener(madeLoop(), on: XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 0)))
        let address = listener.address
        listener.close()
        XCTAssertThrowsError(try run(plan(address, try Mix("get"), requests: 1), address)) { error in
            let message = (error as? BenchError)?.message ?? ""
            XCTAssertTrue(message.contains("\(address)") && message.contains("connection refused"), message)
        }
    }

    func test_sameSeed_sendsTheSame() throws {
        var sent: [[String]] = []
        let address = try serve { words in
            sent.append(words)
            return "+OK\r\n"
        }
        var plan = plan(address, try Mix("get:1,set:1"), requests: 50)
        plan.connections = 1
        _ = try run(plan, address)
        let first = sent
        sent = []
        _ = try run(plan, address)
        XCTAssertEqual(sent, first)
        plan.seed += 1
        sent = []
        _ = try run(plan, address)
        XCTAssertNotEqual(sent, first)
    }

    func test_whatCannotBeAsked_isSaidBefore() throws {
        let address = try XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 1))
        var waiting = plan(address, try Mix("get:1,set:1"), requests: 1)
        waiting.waitReplicas = 1
        var consistent = plan(address, try Mix("get"), requests: 1)
        consistent.consistency = .one
        var endless = plan(address, try Mix("get"), requests: .max)
        endless.rate = 1
        var long = plan(address, try Mix("get"), requests: 1)
        long.requests = nil
        long.duration = .seconds(Int64.max / 1_000)
        var longAtRate = long
        longAtRate.rate = 100_000_000
        for plan in [waiting, consistent, endless, long, longAtRate] { XCTAssertThrowsError(try Generator(madeLoop(), plan)) }
    }
}
