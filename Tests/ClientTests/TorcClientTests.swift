import Synchronization
import XCTest

@testable import Client

final class TorcClientTests: XCTestCase {
    private var servers: [FakeServer] = []

    override func tearDown() {
        for server in servers { server.stop() }
        servers = []
    }

    private func serve(_ script: @escaping FakeServer.Script) throws -> FakeServer {
        let server = try FakeServer(script)
        servers.append(server)
        return server
    }

    /// Does not learn other servers unless asked to.
    private func client(_ servers: [FakeServer], timeout: Duration = .seconds(10), learns: Bool = false) throws -> TorcClient {
        let hour = Duration.seconds(3600)
        return try TorcClient(
            servers: servers.map(\.address),
            options: ClientOptions(
                timeout: timeout, learnDelay: learns ? .milliseconds(1) : hour,
                learnInterval: learns ? .milliseconds(20) : hour),
            name: "me")
    }

    private func assertFails<Value>(
        _ code: TorcError.Code, saying words: String..., line: UInt = #line,
        _ body: () async throws(TorcError) -> Value
    ) async {
        do throws(TorcError) {
            _ = try await body()
            XCTFail("no error", line: line)
        } catch {
            XCTAssertEqual(error.code, code, error.message, line: line)
            for word in words { XCTAssertTrue(error.message.contains(word), error.message, line: line) }
        }
    }

    // MARK: - One server

    func test_get_found_hasValueAndVersion() async throws {
        let server = try serve { _ in Canned.value("hello") }
        let value = try await client([server]).get("k")
        XCTAssertEqual(value, TorcValue(bytes: Array("hello".utf8), version: "1.1", timestamp: nil, node: "a"))
        XCTAssertEqual(server.lines, [#"{"type":"GET","key":"k"}"#])
    }

    func test_get_notFound_isNil() async throws {
        let value = try await client([try serve { _ in Canned.error("key not found") }]).get("k")
        XCTAssertNil(value)
    }

    func test_setAndDelete_areSentAsAsked() async throws {
        let server = try serve { _ in Canned.done() }
        let client = try client([server])
        let receipt = try await client.set("k", "v", ttl: .milliseconds(1500), consistency: .all)
        XCTAssertEqual(receipt, TorcReceipt(version: "1.2", timestamp: nil, node: "a"))
        try await client.delete("k", consistency: .one)
        XCTAssertEqual(
            server.lines,
            [
                #"{"type":"SET","key":"k","value":"v","ttl":1.5,"consistency":"all","client":"me","seq":1}"#,
                #"{"type":"DELETE","key":"k","consistency":"one","client":"me","seq":2}"#,
            ])
    }

    func test_errors_ofTheRing_haveTheirCodes() async throws {
        for (text, code) in [
            ("unavailable: no majority of slot 7 answered in 2 s", TorcError.Code.unavailable),
            ("unavailable: no majority of slot 7 answered in 2 s; outcome unknown", .outcomeUnknown),
            ("busy: too much is under way", .busy), ("value too long", .refused),
        ] {
            let client = try client([try serve { _ in Canned.error(text) }])
            await assertFails(code, saying: text) { () async throws(TorcError) in try await client.set("k", "v") }
        }
    }

    func test_emptyKey_isRefusedWithoutAsking() async throws {
        let server = try serve { _ in Canned.done() }
        let client = try client([server])
        await assertFails(.invalidRequest, saying: "key") { () async throws(TorcError) in try await client.get("") }
        XCTAssertEqual(server.lines, [])
    }

    func test_manyAtOnce_arePipelinedOnOneConnectionAndMatched() async throws {
        // Nothing is answered before 100 requests are there, so they must have come without waiting.
        let held = Mutex<[String]>([])
        let server = try serve { line in
            held.withLock { lines in
                lines.append(line)
                guard lines.count == 100 else { return .ignore }
                let answers = lines.map { line in
                    let key = line.split(separator: "\"")[7]
                    return #"{"type":"RESPONSE","value":"of \#(key)","status":"SUCCESS"}"#
                }
                return .answer(answers.joined(separator: "\n"))
            }
        }
        let client = try client([server])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask {
                    let text = try await client.get("key\(number)")?.text
                    XCTAssertEqual(text, "of key\(number)")
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: - Servers that fail

    func test_firstServerDown_nextIsUsed() async throws {
        let (dead, living) = (try serve { _ in .hangUp }, try serve { _ in Canned.value("v", node: "b") })
        dead.stop()
        let value = try await client([dead, living]).get("k")
        XCTAssertEqual(value?.node, "b")
    }

    func test_readInterrupted_goesOnWithTheNext() async throws {
        let (first, second) = (try serve { _ in .hangUp }, try serve { _ in Canned.value("v", node: "b") })
        let value = try await client([first, second]).get("k")
        XCTAssertEqual(value?.node, "b")
        XCTAssertEqual(first.lines.count, 1)
    }

    func test_writeInterrupted_goesOnWithTheNextAndSaysThatItComesAgain() async throws {
        let (first, second) = (try serve { _ in .hangUp }, try serve { _ in Canned.done(node: "b") })
        let receipt = try await client([first, second]).set("k", "v")
        XCTAssertEqual(receipt.node, "b")
        XCTAssertEqual(first.lines, [#"{"type":"SET","key":"k","value":"v","client":"me","seq":1}"#])
        XCTAssertEqual(second.lines, [#"{"type":"SET","key":"k","value":"v","client":"me","seq":1,"retry":true}"#])
    }

    func test_writeInterrupted_noServerLeft_isUnknown() async throws {
        let (first, second) = (try serve { _ in .hangUp }, try serve { _ in .hangUp })
        let client = try client([first, second])
        await assertFails(.outcomeUnknown, saying: first.address, "may or may not") { () async throws(TorcError) in
            try await client.increment("k")
        }
        XCTAssertEqual(second.lines.count, 1)
    }

    func test_writeNeverSent_goesToTheNext() async throws {
        let (dead, living) = (try serve { _ in .hangUp }, try serve { _ in Canned.done(node: "b") })
        dead.stop()
        let receipt = try await client([dead, living]).set("k", "v")
        XCTAssertEqual(receipt.node, "b")
    }

    func test_noServerLeft_isUnavailableAtOnceAndNamesAll() async throws {
        let (first, second) = (try serve { _ in .hangUp }, try serve { _ in .hangUp })
        second.stop()
        let client = try client([first, second], timeout: .seconds(60))
        await assertFails(.unavailable, saying: first.address, "closed by the peer", second.address, "refused") {
            () async throws(TorcError) in try await client.get("k")
        }
    }

    func test_serverDies_clientGoesOnWithOneItLearnedOf() async throws {
        let second = try serve { _ in Canned.value("v", node: "b") }
        let learned = Mutex(0)
        let first = try serve { line in
            guard line.contains("STATUS") else { return Canned.value("v", node: "a") }
            learned.withLock { $0 += 1 }
            return Canned.status([second])
        }
        let client = try client([first], learns: true)
        let before = try await client.get("k")
        XCTAssertEqual(before?.node, "a")
        // The second question is asked when the answer to the first has been read.
        try await poll { learned.withLock { $0 } >= 2 }
        first.stop()
        let after = try await client.get("k")
        XCTAssertEqual(after?.node, "b")
    }

    func test_serverComesBack_isUsedAgain() async throws {
        let isDown = Mutex(true)
        let server = try serve { _ in isDown.withLock { $0 } ? .hangUp : Canned.value("v") }
        let client = try client([server])
        await assertFails(.unavailable) { () async throws(TorcError) in try await client.get("k") }
        isDown.withLock { $0 = false }
        let value = try await client.get("k")
        XCTAssertEqual(value?.text, "v")
    }

    func test_silentServer_goesOnWithTheNext() async throws {
        let (silent, second) = (try serve { _ in .ignore }, try serve { _ in Canned.value("v", node: "b") })
        let value = try await client([silent, second], timeout: .seconds(1)).get("k")
        XCTAssertEqual(value?.node, "b")
        let receipt = try await client([silent, second], timeout: .seconds(1)).set("k", "v")
        XCTAssertEqual(receipt.node, "b")
        XCTAssertEqual(second.lines.filter { $0.contains("retry") }.count, 1)
    }

    func test_onlyServerSilent_writeIsUnknown() async throws {
        let writer = try client([try serve { _ in .ignore }], timeout: .milliseconds(300))
        await assertFails(.outcomeUnknown, saying: "no answer within 300 ms") { () async throws(TorcError) in
            try await writer.set("k", "v")
        }
    }

    // MARK: - Atomic operations

    func test_atomicOperations_areSentAndUnderstood() async throws {
        let server = try serve { line in
            if line.contains("INCR") { return Canned.value("-7") }
            if line.contains("APPEND") {
                return .answer(#"{"type":"RESPONSE","length":12,"version":"1.3","status":"SUCCESS"}"#)
            }
            return line.contains("null") ? Canned.conflict(#""value":"v","version":"3.17","#) : Canned.done()
        }
        let client = try client([server])
        let sum = try await client.increment("k", by: -8)
        XCTAssertEqual(sum, TorcNumber(number: -7, version: "1.1", timestamp: nil, node: "a"))
        let length = try await client.append("k", [97])
        XCTAssertEqual(length.number, 12)
        let lost = try await client.compareAndSet("k", expect: .absent, [98])
        guard case .conflict(let present) = lost else { return XCTFail("\(lost)") }
        XCTAssertEqual(present?.text, "v")
        XCTAssertEqual(present?.version, "3.17")
        let won = try await client.compareAndSet("k", expect: .version("3.17"), [98])
        XCTAssertEqual(won, .done(TorcReceipt(version: "1.2", timestamp: nil, node: "a")))
        XCTAssertEqual(
            server.lines,
            [
                #"{"type":"INCR","key":"k","by":-8,"client":"me","seq":1}"#,
                #"{"type":"APPEND","key":"k","value":"a","client":"me","seq":2}"#,
                #"{"type":"CAS","key":"k","value":"b","expect":null,"client":"me","seq":3}"#,
                #"{"type":"CAS","key":"k","value":"b","if":"3.17","client":"me","seq":4}"#,
            ])
        await assertFails(.invalidRequest, saying: "version") { () async throws(TorcError) in
            try await client.compareAndSet("k", expect: .version("x"), [])
        }
    }

    func test_otherWrites_areSentAsAsked() async throws {
        let server = try serve { line in
            if line.contains("EXPIRE") { return Canned.error("key not found") }
            guard line.contains("get") else { return line.contains("FLOAT") ? Canned.value("0.3") : Canned.done() }
            return .answer(#"{"type":"RESPONSE","old":"was","old_version":"1.1","version":"1.2","status":"SUCCESS"}"#)
        }
        let client = try client([server])
        let sum = try await client.increment("k", byDecimal: "0.1")
        XCTAssertEqual(sum?.text, "0.3")
        let expired = try await client.expire("k", after: nil)
        XCTAssertNil(expired)
        let old = try await client.getAndSet("k", [97], ttl: .seconds(2))
        XCTAssertEqual(old.value, Array("was".utf8))
        XCTAssertEqual(old.version, "1.1")
        _ = try await client.getAndDelete("k")
        try await client.setAll([("{k}1", [97]), ("{k}2", [98])])
        XCTAssertEqual(
            server.lines.map { $0.replacingOccurrences(of: #","client":"me""#, with: "") },
            [
                #"{"type":"INCRBYFLOAT","key":"k","by":0.1,"seq":1}"#,
                #"{"type":"EXPIRE","key":"k","ttl":null,"seq":2}"#,
                #"{"type":"SET","key":"k","value":"a","ttl":2,"get":true,"seq":3}"#,
                #"{"type":"DELETE","key":"k","get":true,"seq":4}"#,
                #"{"type":"BATCH","value":"{\"type\":\"SET\",\"key\":\"{k}1\",\"value\":\"a\"}\n"#
                    + #"{\"type\":\"SET\",\"key\":\"{k}2\",\"value\":\"b\"}\n","seq":5}"#,
            ])
        await assertFails(.invalidRequest, saying: "one slot") { () async throws(TorcError) in
            try await client.setAll([("a", []), ("b", [])])
        }
    }

    func test_conflictWithNothing_hasNoValue() async throws {
        let client = try client([try serve { _ in Canned.conflict(#""value":null,"#) }])
        let lost = try await client.compareAndSet("k", expect: .value([1]), [2])
        XCTAssertEqual(lost, .conflict(nil))
    }

    func test_onlyServerSilent_readTimesOut() async throws {
        let client = try client([try serve { _ in .ignore }], timeout: .milliseconds(200))
        let start = ContinuousClock.now
        await assertFails(.unavailable, saying: "within 200 ms") { () async throws(TorcError) in try await client.get("k") }
        XCTAssertGreaterThanOrEqual(ContinuousClock.now - start, .milliseconds(200))
    }

    func test_brokenAnswer_readGoesOnWithTheNext() async throws {
        for answer in ["HTTP/1.1 400 Bad Request\r\n", "{}", #"{"type":"RESPONSE"}"#, "{\"type\":\"RES\u{0}"] {
            let first = try serve { _ in .answer(answer + "\n") }
            let second = try serve { _ in Canned.value("v", node: "b") }
            let value = try await client([first, second]).get("k")
            XCTAssertEqual(value?.node, "b", answer)
        }
    }

    func test_unaskedAnswer_endsTheConnection() async throws {
        let first = try serve { line in
            guard case .answer(let text) = Canned.value("v") else { return .hangUp }
            return .answer(text + text)
        }
        let client = try client([first])
        let value = try await client.get("k")
        XCTAssertEqual(value?.text, "v")
        let again = try await client.get("k")
        XCTAssertEqual(again?.text, "v", "on a new connection, with the answer that belongs to it")
    }

    // MARK: - The end

    func test_close_endsWhatIsUnderWay() async throws {
        let server = try serve { _ in .ignore }
        let client = try client([server], timeout: .seconds(60))
        let read = Task { try await client.get("k") }
        let write = Task { try await client.delete("k") }
        try await poll { server.lines.count == 2 }
        client.close()
        let (readEnd, writeEnd) = await (read.result, write.result)
        XCTAssertThrowsError(try readEnd.get()) { XCTAssertEqual(($0 as? TorcError)?.code, .closed) }
        XCTAssertThrowsError(try writeEnd.get()) { XCTAssertEqual(($0 as? TorcError)?.code, .outcomeUnknown) }
        await assertFails(.closed) { () async throws(TorcError) in try await client.get("k") }
    }

    func test_badServerAddress_isRefused() {
        for servers in [[], ["nowhere"], ["localhost:99999"]] {
            XCTAssertThrowsError(try TorcClient(servers: servers)) {
                XCTAssertEqual(($0 as? TorcError)?.code, .invalidRequest)
            }
        }
    }

    private func poll(_ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(10)
        while !condition() {
            guard ContinuousClock.now < deadline else { return XCTFail("the state did not come") }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
