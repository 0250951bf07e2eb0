import Protocol
import XCTest

@testable import Cluster

/// Atomic operations and retries by request id, on three whole nodes in virtual time.
final class RetryTests: XCTestCase {
    private typealias Operation = Protocol.Operation

    private var nodes = TestNodes()
    private let key = TestNodes.keys[0]

    override func setUp() {
        nodes = TestNodes()
        _ = nodes.makeRing(3)
        nodes.run(for: .seconds(3))
    }

    override func tearDown() {
        for host in hosts { XCTAssertEqual(host.answeredTwice, [], "answered twice") }
    }

    private var hosts: [TestHost] { nodes.hosts }
    private var slot: Slot { Slot(key: key) }

    private func primary() throws -> TestHost {
        try XCTUnwrap(hosts.first { $0.node?.replicator.replica(slot).leadership != nil })
    }

    private func others() throws -> [TestHost] {
        let primary = try primary()
        return hosts.filter { $0 !== primary }
    }

    private func named(_ number: UInt64, isRetry: Bool = false) -> ClientRequest {
        ClientRequest(id: RequestID(origin: 77, number: number), isRetry: isRetry)
    }

    /// - Returns: its token.
    @discardableResult
    private func submit(
        _ operation: Operation, at host: TestHost, as request: ClientRequest? = nil
    ) -> UInt64 {
        nodes.submit(host, operation, key, as: request)
    }

    private func outcome(_ token: UInt64) -> Outcome? {
        hosts.lazy.compactMap { $0.answers[token] }.first
    }

    private func answer(
        _ operation: Operation, at host: TestHost, as request: ClientRequest? = nil
    ) throws -> Outcome {
        let token = submit(operation, at: host, as: request)
        nodes.run(until: { self.outcome(token) != nil }, within: .seconds(4))
        return try XCTUnwrap(outcome(token))
    }

    private func number(_ outcome: Outcome?) -> Int64? {
        if case .written(_, _, .number(let number)) = outcome { number } else { nil }
    }

    private func text(at node: TestHost) throws -> String {
        guard case .found(let entry) = try answer(.get, at: node) else { return "" }
        return String(decoding: entry.value, as: UTF8.self)
    }

    // MARK: Pending writes

    func test_add_throughPendingWrites_comesToTheSum() throws {
        let primary = try primary()
        var tokens: [UInt64] = []
        nodes.turn(primary) { node in
            for token in UInt64(1_000)..<1_100 {
                node.submit(.add(3), key: self.key, consistency: .quorum, token: token)
                tokens.append(token)
            }
        }
        nodes.run(for: .seconds(1))
        XCTAssertEqual(tokens.map { number(outcome($0)) }, (1...100).map { $0 * 3 })
        XCTAssertEqual(try text(at: hosts[1]), "300")
    }

    func test_append_throughPendingWrites_keepsTheOrder() throws {
        let primary = try primary()
        let tokens = (0..<5).map { submit(.append(Array("\($0)".utf8)), at: primary) }
        nodes.run(for: .seconds(1))
        XCTAssertEqual(tokens.map { number(outcome($0)) }, [1, 2, 3, 4, 5])
        XCTAssertEqual(try text(at: hosts[2]), "01234")
    }

    func test_operation_onAnExpiredValue_findsNothing() throws {
        let primary = try primary()
        _ = try answer(.set(value: Array("5".utf8), ttlMilliseconds: 100), at: primary)
        nodes.run(for: .seconds(1))
        XCTAssertEqual(number(try answer(.add(1), at: primary)), 1)
        let get = try answer(.get, at: primary)
        guard case .found(let entry) = get else { return XCTFail("\(get)") }
        XCTAssertNil(entry.expiry)
    }

    func test_compareAndSet_ofOneAmongMany_isWonOnce() throws {
        let tokens = hosts.flatMap { node in
            (0..<5).map { _ in submit(.compareAndSet(expect: .absent, value: [1]), at: node) }
        }
        nodes.run(for: .seconds(1))
        let won = tokens.filter { if case .written = outcome($0) { true } else { false } }
        XCTAssertEqual(won.count, 1)
        guard case .written(let version, _, .none) = outcome(won[0]) else { return XCTFail("nobody won") }
        for token in tokens where token != won[0] {
            guard case .conflict(.entry(let entry)) = outcome(token) else {
                XCTFail("\(String(describing: outcome(token)))")
                continue
            }
            XCTAssertEqual(entry.version, version)
        }
    }

    func test_add_toText_isRefusedAndChangesNothing() throws {
        _ = try answer(.set(value: Array("word".utf8), ttlMilliseconds: nil), at: hosts[0])
        XCTAssertEqual(try answer(.add(1), at: hosts[1]), .refused(.notAnInteger))
        XCTAssertEqual(try text(at: hosts[2]), "word")
    }

    /// A few bytes from a client make a long entry.
    func test_append_toALongValue_isBusyBeforeItFillsTheMemory() throws {
        nodes = TestNodes()
        let node = nodes.found()
        nodes.run(for: .seconds(1))
        let value = [UInt8](repeating: 1, count: Limits.valueBytesMax - 100)
        _ = try answer(.set(value: value, ttlMilliseconds: nil), at: node)
        nodes.turn(node) { node in
            for token in UInt64(1_000)..<1_020 {
                node.submit(.append([1]), key: self.key, consistency: .quorum, token: token)
            }
        }
        nodes.run(for: .seconds(1))
        let (fit, all) = (Limits.pendingBytesPerSlotMax / Limits.valueBytesMax + 1, UInt64(1_000)..<1_020)
        XCTAssertEqual(all.filter { number(outcome($0)) != nil }.count, fit)
        XCTAssertEqual(all.filter { if case .busy = outcome($0) { true } else { false } }.count, 20 - fit)
    }

    // MARK: Retries

    func test_retry_elsewhere_getsTheFirstAnswerAndIsNotDoneAgain() throws {
        let first = try answer(.add(5), at: hosts[0], as: named(1))
        _ = try answer(.add(100), at: hosts[0])
        for node in hosts {
            XCTAssertEqual(try answer(.add(5), at: node, as: named(1, isRetry: true)), first)
        }
        XCTAssertEqual(number(first), 5)
        XCTAssertEqual(try text(at: hosts[0]), "105")
    }

    func test_retry_whileTheFirstIsUnderWay_bothGetOneAnswer() throws {
        let elsewhere = try others()
        let asked = [elsewhere[0], elsewhere[0], elsewhere[1], try primary()]
        let tokens = asked.enumerated().map { submit(.add(5), at: $1, as: named(1, isRetry: $0 > 0)) }
        nodes.run(for: .seconds(1))
        XCTAssertEqual(tokens.map { number(outcome($0)) }, [5, 5, 5, 5])
        XCTAssertEqual(Set(tokens.map { "\(String(describing: outcome($0)))" }).count, 1)
        XCTAssertEqual(try text(at: hosts[0]), "5")
    }

    func test_retry_afterThePrimaryDied_getsTheFirstAnswer() throws {
        let first = try answer(.add(5), at: hosts[0], as: named(1))
        _ = try answer(.add(1), at: hosts[0])
        nodes.kill(try primary())
        nodes.run(for: .seconds(5))
        let node = try XCTUnwrap(hosts.first(where: \.isRunning))
        XCTAssertEqual(try answer(.add(5), at: node, as: named(1, isRetry: true)), first)
        XCTAssertEqual(try text(at: node), "6")
    }

    func test_retry_afterAllMembersRestarted_getsTheFirstAnswer() throws {
        let first = try answer(.append([1, 2]), at: hosts[0], as: named(1))
        let lost = try answer(.compareAndSet(expect: .absent, value: [1]), at: hosts[0], as: named(2))
        for host in hosts { nodes.kill(host) }
        for host in hosts { _ = try nodes.restart(host) }
        nodes.run(for: .seconds(5))
        XCTAssertEqual(try answer(.append([1, 2]), at: hosts[1], as: named(1, isRetry: true)), first)
        XCTAssertEqual(
            try answer(
                .compareAndSet(expect: .absent, value: [1]), at: hosts[1], as: named(2, isRetry: true)),
            lost)
    }

    func test_retry_ofALostCompareAndSet_isLostForEver() throws {
        _ = try answer(.set(value: [1], ttlMilliseconds: nil), at: hosts[0])
        let operation = Operation.compareAndSet(expect: .absent, value: [2])
        let first = try answer(operation, at: hosts[0], as: named(1))
        guard case .conflict(.entry(let met)) = first else { return XCTFail("\(first)") }
        _ = try answer(.delete, at: hosts[0])
        XCTAssertEqual(
            try answer(operation, at: hosts[1], as: named(1, isRetry: true)),
            .conflict(.entry(met)))
        XCTAssertEqual(try answer(.get, at: hosts[2]), .notFound)
    }

    func test_retry_ofAGetAndSet_getsTheOldValueAgain_butALongOneByItsVersionOnly() throws {
        for (number, bytes) in [(UInt64(1), Limits.rememberedValueBytesMax), (2, Limits.rememberedValueBytesMax + 1)] {
            let old = [UInt8](repeating: 7, count: bytes)
            _ = try answer(.set(value: old, ttlMilliseconds: nil), at: hosts[0])
            let swap = Operation.write(Write(.set([1]), for: .forever, answersOld: true))
            let first = try answer(swap, at: hosts[0], as: named(number))
            guard case .written(let version, let time, .old(.entry(let met))) = first else { return XCTFail("\(first)") }
            XCTAssertEqual(met.value, old)
            let again = try answer(swap, at: hosts[1], as: named(number, isRetry: true))
            let result = number == 1 ? Present.entry(met) : .replaced(met.version)
            XCTAssertEqual(again, .written(version: version, timestamp: time, result: .old(result)))
        }
    }

    func test_retry_ofAGetAndDelete_getsTheOldValueAgain() throws {
        _ = try answer(.set(value: [5], ttlMilliseconds: nil), at: hosts[0])
        let take = Operation.write(Write(.delete, for: .forever, answersOld: true))
        let first = try answer(take, at: hosts[0], as: named(1))
        guard case .written(_, _, .old(.entry(let met))) = first else { return XCTFail("\(first)") }
        XCTAssertEqual(met.value, [5])
        _ = try answer(.set(value: [6], ttlMilliseconds: nil), at: hosts[0])
        XCTAssertEqual(try answer(take, at: hosts[2], as: named(1, isRetry: true)), first)
        XCTAssertEqual(try text(at: hosts[1]), "\u{6}")
    }

    // MARK: Batches

    private func pair(_ first: Write, _ second: Write) -> Operation {
        let other = [UInt8(ascii: "{")] + key + [UInt8(ascii: "}")]
        return .batch([KeyedWrite(key: key, write: first), KeyedWrite(key: other, write: second)])
    }

    func test_batch_isDoneOnceAndWhole() throws {
        let operation = pair(Write(.add(5), for: .kept), Write(.append([9]), for: .kept))
        let first = try answer(operation, at: hosts[0], as: named(1))
        guard case .batch(let version, _, let answers) = first else { return XCTFail("\(first)") }
        XCTAssertEqual(answers, [.written(number: 5), .written(number: 1)])
        nodes.kill(try primary())
        nodes.run(for: .seconds(5))
        let node = try XCTUnwrap(hosts.first(where: \.isRunning))
        XCTAssertEqual(try answer(operation, at: node, as: named(1, isRetry: true)), first)
        guard case .found(let entry) = try answer(.get, at: node) else { return XCTFail("no value") }
        XCTAssertEqual(entry.value, Array("5".utf8))
        XCTAssertEqual(entry.version, version)
    }

    func test_batch_whoseConditionIsNotMet_changesNothing() throws {
        let operation = pair(Write(.set([1]), for: .forever), Write(.set([2]), if: .present, for: .forever))
        XCTAssertEqual(try answer(operation, at: hosts[0]), .aborted(at: 1, .conflict(.nothing)))
        XCTAssertEqual(try answer(.get, at: hosts[1]), .notFound)
    }

    func test_batch_ofDifferentSlots_isRefused() throws {
        let other = KeyedWrite(key: key + [1], write: Write(.set([1]), for: .forever))
        XCTAssertNotEqual(Slot(key: other.key), slot)
        XCTAssertEqual(try answer(.batch([other]), at: hosts[0]), .refused(.otherSlot))
        let copy = Operation.write(Write(.copy(of: other.key), for: .kept))
        XCTAssertEqual(try answer(copy, at: hosts[0]), .refused(.otherSlot))
    }

    func test_batch_throughPendingWrites_seesThem() throws {
        let primary = try primary()
        let operation = pair(Write(.add(1), for: .kept), Write(.add(1), for: .kept))
        let tokens = (0..<5).map { _ in submit(operation, at: primary) }
        nodes.run(for: .seconds(1))
        let answers = tokens.map { token -> [WriteAnswer] in
            if case .batch(_, _, let answers) = outcome(token) { answers } else { [] }
        }
        XCTAssertEqual(answers, (1...5).map { [.written(number: $0), .written(number: $0)] })
    }

    func test_retry_ofWhatNeverArrived_isDone() throws {
        XCTAssertEqual(number(try answer(.add(5), at: hosts[1], as: named(1, isRetry: true))), 5)
    }

    func test_retry_ofWhatMayBeForgotten_isNotDoneAndSaysSo() throws {
        _ = try answer(.add(5), at: hosts[0], as: named(1))
        nodes.run(for: .seconds(15))
        for _ in 0..<(Limits.requestIDsPerSlotMin + 1) { submit(.add(1), at: hosts[0]) }
        nodes.run(for: .seconds(1))
        let again = try answer(.add(5), at: hosts[1], as: named(1, isRetry: true))
        guard case .unavailable(let reason) = again else { return XCTFail("\(again)") }
        XCTAssertTrue(reason.hasSuffix("outcome unknown"), reason)
        XCTAssertEqual(try text(at: hosts[2]), "\(5 + Limits.requestIDsPerSlotMin + 1)")
        XCTAssertEqual(number(try answer(.add(1), at: hosts[1], as: named(2))), 71)
    }

    /// Its client sent it to a node that sleeps, got no answer, and sent it again elsewhere.
    func test_firstSending_readAfterASleep_ofWhatMayBeForgotten_isNotDoneAgain() throws {
        let sleeper = try others()[0]
        let awake = try primary()
        XCTAssertEqual(number(try answer(.add(5), at: awake, as: named(1, isRetry: true))), 5)
        nodes.run(for: .seconds(15))
        for _ in 0..<(Limits.requestIDsPerSlotMin + 1) { submit(.add(1), at: awake) }
        nodes.run(for: .seconds(1))
        sleeper.node?.coordinator.onTime(slept: .seconds(5))
        let late = try answer(.add(5), at: sleeper, as: named(1))
        guard case .unavailable(let reason) = late else { return XCTFail("\(late)") }
        XCTAssertTrue(reason.hasSuffix("outcome unknown"), reason)
        nodes.run(for: .seconds(3))
        XCTAssertEqual(number(try answer(.add(1), at: sleeper, as: named(2))), 71)
    }

    /// A redirect says that nothing was done there; of the client's first sending it says nothing.
    func test_retry_thatIsRedirected_staysARetry() throws {
        let host = try others()[0]
        let configuration = try XCTUnwrap(host.node?.replicator.configuration(of: slot))
        host.messages = []
        submit(.add(1), at: host, as: named(1, isRetry: true))
        submit(.add(1), at: host, as: named(2))
        let next = Configuration(
            epoch: configuration.epoch + 1, members: configuration.members, base: configuration.base)
        let first = requests(of: host)
        nodes.turn(host) { node in
            for request in first {
                let response = ForwardedResponse(number: request.number, result: .redirect(next))
                node.onMessage(.response(response), from: configuration.primary.node)
            }
        }
        // That the slot has changed has both sent once more, behind these.
        let sent = requests(of: host).prefix(4)
        XCTAssertEqual(sent.map(\.isResend), [true, false, true, false])
        XCTAssertEqual(sent.map(\.firstEpoch), [0, configuration.epoch, 0, configuration.epoch + 1])
        XCTAssertEqual(sent.map(\.request.number), [1, 2, 1, 2])
    }

    /// What it has said and is not delivered yet.
    private func requests(of host: TestHost) -> [ForwardedRequest] {
        host.messages.compactMap { if case .request(let request) = $0.message { request } else { nil } }
    }
}
