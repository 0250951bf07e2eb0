import Protocol
import XCTest

@testable import Cluster

/// What one client sends without waiting for answers, in virtual time: each request finds what those before it did.
final class OrderTests: XCTestCase {
    private typealias Operation = Protocol.Operation

    private var nodes = TestNodes()
    private let key = TestNodes.keys[0]
    private var token: UInt64 = 1_000_000
    /// How many GETs took the way of those that are carried out together.
    private var together = 0

    override func setUp() {
        nodes = TestNodes()
        _ = nodes.makeRing(3)
        nodes.run(for: .seconds(3))
    }

    override func tearDown() {
        for host in nodes.hosts { XCTAssertEqual(host.answeredTwice, [], "answered twice") }
    }

    private func primary() throws -> TestHost {
        let leads = { (host: TestHost) in host.node?.replicator.replica(Slot(key: self.key)).leadership != nil }
        guard let primary = nodes.hosts.first(where: leads) else { throw XCTSkip("nobody leads") }
        return primary
    }

    /// One after the other, in one turn.
    @discardableResult
    private func pipeline(_ operations: [Operation], at host: TestHost) -> [UInt64] {
        let tokens = operations.indices.map { token + UInt64($0) }
        token += UInt64(operations.count)
        nodes.turn(host) { node in
            for (token, operation) in zip(tokens, operations) {
                if operation == .get, token % 2 == 0, host.readTogether([self.key], token: token) == 1 {
                    self.together += 1
                    continue
                }
                node.submit(operation, key: self.key, consistency: .quorum, token: token)
            }
        }
        return tokens
    }

    /// The number that an addition came to, or that a read found.
    private func number(_ outcome: Outcome?) -> Int64? {
        switch outcome {
        case .written(_, _, .number(let number)): number
        case .found(let entry): Int64(String(decoding: entry.value, as: UTF8.self))
        case .answer(.entries(let entries)):
            entries.first.flatMap { $0 }.flatMap { Int64(String(decoding: $0.value, as: UTF8.self)) }
        case .batch(_, _, let answers): if case .written(.number(let number)) = answers.first { number } else { nil }
        case .notFound: 0
        default: nil
        }
    }

    // MARK: Quiet

    func test_readsBetweenWrites_showExactlyTheWritesBeforeThem() throws {
        let readings: [Operation] = [.get, .query(.entries([key]))]
        for host in nodes.hosts {
            for reading in readings {
                let begin = number(nodes.ask(host, .get, key)) ?? 0
                let tokens = pipeline((0..<40).map { $0.isMultiple(of: 2) ? .add(1) : reading }, at: host)
                nodes.run(for: .seconds(1))
                let wanted: [Int64] = (0..<40).map { begin + $0 / 2 + 1 }
                XCTAssertEqual(tokens.map { number(host.answers[$0]) }, wanted, "\(reading) at \(host.id)")
            }
        }
    }

    func test_ringOfOne_readsAreAnsweredAtOnce_butNotBeforeTheWritesBeforeThemLast() throws {
        nodes = TestNodes()
        let host = nodes.found(TestNodes.settings(1))
        nodes.run(until: { host.readyIn != nil })
        _ = nodes.ask(host, .add(5), key)
        nodes.turn(host) { node in
            node.submit(.get, key: self.key, consistency: .quorum, token: 101)
            XCTAssertEqual(self.number(host.answers[101]), 5, "nobody has to be asked")
            node.submit(.add(1), key: self.key, consistency: .quorum, token: 102)
            node.submit(.get, key: self.key, consistency: .quorum, token: 103)
            XCTAssertNil(host.answers[103], "what it would show may be undone")
            node.submit(.get, key: self.key, consistency: .one, token: 104)
            XCTAssertEqual(self.number(host.answers[104]), 5)
        }
        nodes.run(for: .seconds(1))
        XCTAssertEqual([102, 103].map { number(host.answers[$0]) }, [6, 6])
    }

    // MARK: While the slot changes hands

    /// Additions of one client, each answered with more than all before it; reads with no less.
    private func checkOrder(_ tokens: [UInt64], at host: TestHost, _ operations: [Operation], _ what: String) -> Int {
        var most = Int64.min
        var answered = 0
        for (index, token) in tokens.enumerated() {
            guard let number = number(host.answers[token]) else { continue }
            answered += 1
            if operations[index].isWrite {
                XCTAssertGreaterThan(number, most, "\(what): addition \(index) of \(tokens.count) at \(host.id)")
                most = max(most, number)
            } else if number < most {
                XCTFail("\(what): read \(index) at \(host.id) shows \(number), after \(most)")
            }
        }
        return answered
    }

    func test_requestsOfOneSlot_keepTheirOrder_throughTakeoversAndLostLinks() throws {
        var random = Random(seed: 5)
        for round in 0..<12 {
            setUp()
            var sent: [(host: TestHost, tokens: [UInt64], operations: [Operation])] =
                nodes.hosts.map { ($0, [], []) }
            for step in 0..<150 {
                for index in sent.indices where sent[index].host.isRunning {
                    let onlyReads = Int.random(in: 0..<2, using: &random) == 0
                    let operations: [Operation] = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                        onlyReads || Int.random(in: 0..<3, using: &random) == 0 ? .get : .add(1)
                    }
                    sent[index].tokens += pipeline(operations, at: sent[index].host)
                    sent[index].operations += operations
                }
                nodes.run(for: .milliseconds(10))
                guard step % 10 == 5 else { continue }
                switch Int.random(in: 0..<6, using: &random) {
                case 0: nodes.closeLinks(of: nodes.hosts[Int.random(in: 0..<nodes.hosts.count, using: &random)])
                case 1: if let primary = try? primary() { try lose(primary) }
                case 2 where nodes.hosts.count < 6:
                    nodes.join(TestNodes.settings(10 + nodes.hosts.count + step), through: nodes.hosts[0])
                default: break
                }
            }
            nodes.run(for: .seconds(5))
            var answered = 0
            for item in sent { answered += checkOrder(item.tokens, at: item.host, item.operations, "round \(round)") }
            XCTAssertGreaterThan(answered, 300)
        }
        XCTAssertGreaterThan(together, 20)
    }

    /// The primary's links break, or its process ends and comes back: then what was asked there is not looked at.
    private func lose(_ host: TestHost) throws {
        let others = nodes.hosts.filter { $0 !== host && $0.isRunning }
        guard others.count >= 2 else { return }
        nodes.kill(host)
        nodes.run(for: .milliseconds(30))
        _ = try nodes.restart(host)
    }

    // MARK: What the coordinator sends

    private func requests(of host: TestHost) -> [UInt64] {
        host.messages.compactMap { if case .request(let request) = $0.message { request.number } else { nil } }
    }

    private func other() throws -> TestHost {
        let primary = try primary()
        return try XCTUnwrap(nodes.hosts.first { $0 !== primary })
    }

    func test_requestsThatWaitForALink_areSentOnceEach_inTheirOrder() throws {
        let (host, primary) = (try other(), try primary())
        nodes.turn(host) { $0.onLinkClosed(with: primary.id) }
        host.messages = []
        for _ in 0..<3 { pipeline([.add(1), .get, .add(1)], at: host) }
        XCTAssertEqual(requests(of: host), [])
        let record = try XCTUnwrap(host.node?.ring.records.first { $0.node == primary.id })
        nodes.turn(host) { $0.onLinkOpened(with: record) }
        let sent = requests(of: host)
        XCTAssertEqual(sent.count, 9)
        XCTAssertEqual(sent, sent.sorted())
        host.messages = []
        nodes.turn(host) { $0.onTick() }
        XCTAssertEqual(requests(of: host), [])
        nodes.closeLinks(of: host)
        nodes.run(for: .seconds(3))
    }

    func test_requestBehindOneThatIsTriedAgainSoon_waitsForIt() throws {
        let (host, primary) = (try other(), try primary())
        nodes.run(for: .milliseconds(200))
        host.messages = []
        pipeline([.add(1)], at: host)
        let first = try XCTUnwrap(requests(of: host).first)
        host.messages = []
        nodes.turn(host) {
            $0.onMessage(.response(ForwardedResponse(number: first, result: .again)), from: primary.id)
        }
        pipeline([.add(1), .get], at: host)
        XCTAssertEqual(requests(of: host), [])
        nodes.run(for: .milliseconds(10))
        for _ in 0..<5 where requests(of: host).isEmpty {
            nodes.run(for: .milliseconds(10))
        }
        nodes.run(for: .seconds(1))
        XCTAssertEqual(number(nodes.ask(host, .get, key)), 2)
    }

    /// Its first sending may have been done: tried again it would come behind those after it.
    func test_busy_toASecondSendingOfAWrite_isNotTriedAgain() throws {
        let (host, primary) = (try other(), try primary())
        host.messages = []
        let token = pipeline([.add(1)], at: host)[0]
        let first = try XCTUnwrap(requests(of: host).first)
        nodes.closeLinks(of: host)
        nodes.run(until: { host.node?.linkedNodes.contains(primary.id) == true })
        nodes.turn(host) {
            $0.onMessage(.response(ForwardedResponse(number: first, result: .outcome(.busy("b")))), from: primary.id)
        }
        guard case .unavailable(let reason) = host.answers[token] else {
            return XCTFail("\(String(describing: host.answers[token]))")
        }
        XCTAssertTrue(reason.hasSuffix("outcome unknown"), reason)
    }
}
