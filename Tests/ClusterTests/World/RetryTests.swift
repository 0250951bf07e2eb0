import Protocol
import XCTest

@testable import Cluster

/// Atomic operations and retries by request id, on three nodes in virtual time.
final class RetryTests: XCTestCase {
    private typealias Operation = Protocol.Operation

    private var world = World(seed: 1, nodes: 3)
    private var outcomes: [UInt64: Outcome] = [:]
    private var token: UInt64 = 0
    private let key = Array("key0".utf8)

    override func setUp() {
        world = World(seed: 4, nodes: 3)
        outcomes = [:]
        for node in world.nodes {
            world.start(node, founding: node === world.nodes[0])
            node.finish = { [unowned self] token, outcome in
                XCTAssertNil(outcomes.updateValue(outcome, forKey: token), "answered twice")
            }
        }
        world.setMembers(world.nodes)
        world.run(for: .seconds(3))
    }

    private var slot: Slot { Slot(key: key) }

    private func primary() throws -> WorldNode {
        try XCTUnwrap(world.nodes.first { $0.replicator?.replica(slot).leadership != nil })
    }

    private func others() throws -> [WorldNode] {
        let primary = try primary()
        return world.nodes.filter { $0 !== primary }
    }

    private func named(_ number: UInt64, isRetry: Bool = false) -> ClientRequest {
        ClientRequest(id: RequestID(origin: 77, number: number), isRetry: isRetry)
    }

    @discardableResult
    private func submit(_ operation: Operation, at node: WorldNode, as request: ClientRequest? = nil) -> UInt64 {
        token += 1
        let mine = token
        world.turn(node) { node in
            node.coordinator?.submit(
                operation, key: self.key, consistency: .quorum, token: mine, request: request)
        }
        return mine
    }

    private func answer(
        _ operation: Operation, at node: WorldNode, as request: ClientRequest? = nil
    ) throws -> Outcome {
        let mine = submit(operation, at: node, as: request)
        world.run(for: .seconds(3))
        return try XCTUnwrap(outcomes[mine])
    }

    private func number(_ outcome: Outcome?) -> Int64? {
        if case .written(_, _, let number) = outcome { number } else { nil }
    }

    private func text(at node: WorldNode) throws -> String {
        guard case .found(let entry) = try answer(.get, at: node) else { return "" }
        return String(decoding: entry.value, as: UTF8.self)
    }

    // MARK: Pending writes

    func test_add_throughPendingWrites_comesToTheSum() throws {
        let primary = try primary()
        var tokens: [UInt64] = []
        world.turn(primary) { node in
            for token in UInt64(1_000)..<1_100 {
                node.coordinator?.submit(.add(3), key: self.key, consistency: .quorum, token: token)
                tokens.append(token)
            }
        }
        world.run(for: .seconds(1))
        XCTAssertEqual(tokens.map { number(outcomes[$0]) }, (1...100).map { $0 * 3 })
        XCTAssertEqual(try text(at: world.nodes[1]), "300")
    }

    func test_append_throughPendingWrites_keepsTheOrder() throws {
        let primary = try primary()
        let tokens = (0..<5).map { submit(.append(Array("\($0)".utf8)), at: primary) }
        world.run(for: .seconds(1))
        XCTAssertEqual(tokens.map { number(outcomes[$0]) }, [1, 2, 3, 4, 5])
        XCTAssertEqual(try text(at: world.nodes[2]), "01234")
    }

    func test_operation_onAnExpiredValue_findsNothing() throws {
        let primary = try primary()
        _ = try answer(.set(value: Array("5".utf8), ttlMilliseconds: 100), at: primary)
        XCTAssertEqual(number(try answer(.add(1), at: primary)), 1)
        let get = try answer(.get, at: primary)
        guard case .found(let entry) = get else { return XCTFail("\(get)") }
        XCTAssertNil(entry.expiry)
    }

    func test_compareAndSet_ofOneAmongMany_isWonOnce() throws {
        let tokens = world.nodes.flatMap { node in
            (0..<5).map { _ in submit(.compareAndSet(expect: .absent, value: [1]), at: node) }
        }
        world.run(for: .seconds(1))
        let won = tokens.filter { if case .written = outcomes[$0] { true } else { false } }
        XCTAssertEqual(won.count, 1)
        guard case .written(let version, _, nil) = outcomes[won[0]] else { return XCTFail("nobody won") }
        for token in tokens where token != won[0] {
            guard case .conflict(.entry(let entry)) = outcomes[token] else {
                XCTFail("\(String(describing: outcomes[token]))")
                continue
            }
            XCTAssertEqual(entry.version, version)
        }
    }

    func test_add_toText_isRefusedAndChangesNothing() throws {
        _ = try answer(.set(value: Array("word".utf8), ttlMilliseconds: nil), at: world.nodes[0])
        XCTAssertEqual(try answer(.add(1), at: world.nodes[1]), .refused(.notAnInteger))
        XCTAssertEqual(try text(at: world.nodes[2]), "word")
    }

    /// A few bytes from a client make a long entry.
    func test_append_toALongValue_isBusyBeforeItFillsTheMemory() throws {
        world = World(seed: 5, nodes: 1)
        let node = world.nodes[0]
        node.finish = { [unowned self] token, outcome in outcomes[token] = outcome }
        world.start(node, founding: true)
        world.setMembers(world.nodes)
        world.run(for: .seconds(1))
        let value = [UInt8](repeating: 1, count: Limits.valueBytesMax - 100)
        _ = try answer(.set(value: value, ttlMilliseconds: nil), at: node)
        world.turn(node) { node in
            for token in UInt64(1_000)..<1_020 {
                node.coordinator?.submit(.append([1]), key: self.key, consistency: .quorum, token: token)
            }
        }
        world.run(for: .seconds(1))
        let (fit, all) = (Limits.pendingBytesPerSlotMax / Limits.valueBytesMax + 1, UInt64(1_000)..<1_020)
        XCTAssertEqual(all.filter { number(outcomes[$0]) != nil }.count, fit)
        XCTAssertEqual(all.filter { if case .busy = outcomes[$0] { true } else { false } }.count, 20 - fit)
    }

    // MARK: Retries

    func test_retry_elsewhere_getsTheFirstAnswerAndIsNotDoneAgain() throws {
        let first = try answer(.add(5), at: world.nodes[0], as: named(1))
        _ = try answer(.add(100), at: world.nodes[0])
        for node in world.nodes {
            XCTAssertEqual(try answer(.add(5), at: node, as: named(1, isRetry: true)), first)
        }
        XCTAssertEqual(number(first), 5)
        XCTAssertEqual(try text(at: world.nodes[0]), "105")
    }

    func test_retry_whileTheFirstIsUnderWay_bothGetOneAnswer() throws {
        let elsewhere = try others()
        let nodes = [elsewhere[0], elsewhere[0], elsewhere[1], try primary()]
        let tokens = nodes.enumerated().map { submit(.add(5), at: $1, as: named(1, isRetry: $0 > 0)) }
        world.run(for: .seconds(1))
        XCTAssertEqual(tokens.map { number(outcomes[$0]) }, [5, 5, 5, 5])
        XCTAssertEqual(Set(tokens.map { "\(String(describing: outcomes[$0]))" }).count, 1)
        XCTAssertEqual(try text(at: world.nodes[0]), "5")
    }

    func test_retry_afterThePrimaryDied_getsTheFirstAnswer() throws {
        let first = try answer(.add(5), at: world.nodes[0], as: named(1))
        _ = try answer(.add(1), at: world.nodes[0])
        world.crash(try primary())
        world.run(for: .seconds(5))
        let node = try XCTUnwrap(world.nodes.first(where: \.isUp))
        XCTAssertEqual(try answer(.add(5), at: node, as: named(1, isRetry: true)), first)
        XCTAssertEqual(try text(at: node), "6")
    }

    func test_retry_afterAllMembersRestarted_getsTheFirstAnswer() throws {
        let first = try answer(.append([1, 2]), at: world.nodes[0], as: named(1))
        let lost = try answer(.compareAndSet(expect: .absent, value: [1]), at: world.nodes[0], as: named(2))
        for node in world.nodes { world.crash(node) }
        for node in world.nodes { world.start(node) }
        world.run(for: .seconds(5))
        XCTAssertEqual(try answer(.append([1, 2]), at: world.nodes[1], as: named(1, isRetry: true)), first)
        XCTAssertEqual(
            try answer(
                .compareAndSet(expect: .absent, value: [1]), at: world.nodes[1], as: named(2, isRetry: true)),
            lost)
    }

    func test_retry_ofALostCompareAndSet_isLostForEver() throws {
        _ = try answer(.set(value: [1], ttlMilliseconds: nil), at: world.nodes[0])
        let operation = Operation.compareAndSet(expect: .absent, value: [2])
        let first = try answer(operation, at: world.nodes[0], as: named(1))
        guard case .conflict(.entry(let met)) = first else { return XCTFail("\(first)") }
        _ = try answer(.delete, at: world.nodes[0])
        XCTAssertEqual(
            try answer(operation, at: world.nodes[1], as: named(1, isRetry: true)),
            .conflict(.replaced(met.version)))
        XCTAssertEqual(try answer(.get, at: world.nodes[2]), .notFound)
    }

    func test_retry_ofWhatNeverArrived_isDone() throws {
        XCTAssertEqual(number(try answer(.add(5), at: world.nodes[1], as: named(1, isRetry: true))), 5)
    }

    func test_retry_ofWhatMayBeForgotten_isNotDoneAndSaysSo() throws {
        _ = try answer(.add(5), at: world.nodes[0], as: named(1))
        world.run(for: .seconds(15))
        for _ in 0..<(Limits.requestIDsPerSlotMin + 1) { submit(.add(1), at: world.nodes[0]) }
        world.run(for: .seconds(1))
        let again = try answer(.add(5), at: world.nodes[1], as: named(1, isRetry: true))
        guard case .unavailable(let reason) = again else { return XCTFail("\(again)") }
        XCTAssertTrue(reason.hasSuffix("outcome unknown"), reason)
        XCTAssertEqual(try text(at: world.nodes[2]), "\(5 + Limits.requestIDsPerSlotMin + 1)")
        XCTAssertEqual(number(try answer(.add(1), at: world.nodes[1], as: named(2))), 71)
    }

    /// A redirect says that nothing was done there; of the client's first sending it says nothing.
    func test_retry_thatIsRedirected_staysARetry() throws {
        let node = try others()[0]
        let configuration = try XCTUnwrap(node.replicator?.configuration(of: slot))
        let (replicator, primary) = (try XCTUnwrap(node.replicator), configuration.primary.node)
        var sent: [ForwardedRequest] = []
        node.sendOut = { message, _ in if case .request(let request) = message { sent.append(request) } }
        submit(.add(1), at: node, as: named(1, isRetry: true))
        submit(.add(1), at: node, as: named(2))
        for request in sent {
            let next = Configuration(
                epoch: configuration.epoch + 1, members: configuration.members, base: configuration.base)
            let response = ForwardedResponse(number: request.number, result: .redirect(next))
            replicator.onMessage(.response(response), from: primary, now: world.now)
        }
        XCTAssertEqual(sent.map(\.isResend), [true, false, true, false])
        XCTAssertEqual(sent.map(\.firstEpoch), [0, configuration.epoch, 0, configuration.epoch + 1])
        XCTAssertEqual(sent.map(\.request.number), [1, 2, 1, 2])
    }
}
