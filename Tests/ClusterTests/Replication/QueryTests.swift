import Protocol
import Foundation
import XCTest

@testable import Cluster

/// Questions to a slot, on three whole nodes in virtual time.
final class QueryTests: XCTestCase {
    private typealias Operation = Protocol.Operation

    private var nodes = TestNodes()
    private let key = TestNodes.keys[0]

    override func setUp() {
        nodes = TestNodes()
        _ = nodes.makeRing(3)
        nodes.run(for: .seconds(3))
    }

    private var slot: Slot { Slot(key: key) }
    private func tagged(_ name: String) -> [UInt8] { [UInt8(ascii: "{")] + key + Array("}\(name)".utf8) }

    private func ask(_ query: SlotQuery, at host: TestHost, _ level: Consistency = .quorum) throws -> SlotAnswer {
        guard case .answer(let answer)? = nodes.ask(host, .query(query), key, at: level) else {
            XCTFail("no answer to \(query)")
            return .count(.max)
        }
        return answer
    }

    private func set(_ key: [UInt8], _ value: [UInt8], ttl: UInt64? = nil) throws -> Version {
        guard case .written(let version, _, _)? = nodes.ask(nodes.hosts[0], .set(value: value, ttlMilliseconds: ttl), key) else {
            XCTFail("not written")
            return .zero
        }
        return version
    }

    func test_entries_areThoseOfTheKeys_inTheirOrder_fromAnyNode() throws {
        let versions = [try set(key, [1]), try set(tagged("b"), [2])]
        _ = try set(tagged("c"), [3], ttl: 1)
        nodes.run(for: .seconds(1))
        for host in nodes.hosts {
            for level in Consistency.allCases {
                let query = SlotQuery.entries([tagged("b"), tagged("c"), key, tagged("none"), key])
                guard case .entries(let entries) = try ask(query, at: host, level) else { return XCTFail("no entries") }
                XCTAssertEqual(entries.map { $0?.value }, [[2], nil, [1], nil, [1]])
                XCTAssertEqual(entries.compactMap { $0?.version }, [versions[1], versions[0], versions[0]])
            }
        }
    }

    func test_keys_comeInPages_inOrder_withoutWhatHasExpired() throws {
        let names = (0..<25).map { tagged(String(format: "%02d", $0)) }
        for name in names { _ = try set(name, [1]) }
        _ = try set(tagged("expired"), [1], ttl: 1)
        nodes.run(for: .milliseconds(100))
        var found: [[UInt8]] = []
        var after: [UInt8]?
        repeat {
            guard case .keys(let keys, let next, let total) = try ask(.keys(after: after, countMax: 4), at: nodes.hosts[1])
            else { return XCTFail("no keys") }
            XCTAssertLessThanOrEqual(keys.count, 4)
            XCTAssertGreaterThanOrEqual(total, 25)
            found += keys
            after = next
        } while after != nil
        XCTAssertEqual(found, names)
    }

    func test_keys_ofLargeValues_comeInSmallerPages_allOfThem() throws {
        let names = (0..<12).map { tagged(String(format: "%02d", $0)) }
        for name in names { _ = try set(name, [UInt8](repeating: 1, count: 300_000)) }
        var found: [[UInt8]] = []
        var after: [UInt8]?
        var pages = 0
        repeat {
            guard case .keys(let keys, let next, _) = try ask(.keys(after: after, countMax: 1_000), at: nodes.hosts[2])
            else { return XCTFail("no keys") }
            found += keys
            after = next
            pages += 1
        } while after != nil
        XCTAssertEqual(found, names)
        XCTAssertGreaterThan(pages, 2)
    }

    func test_keys_seeTheWritesThatWereSentBefore() throws {
        let host = nodes.hosts[0]
        nodes.turn(host) { node in
            node.submit(.set(value: [1], ttlMilliseconds: nil), key: self.key, consistency: .quorum, token: 1_000)
            node.submit(.query(.keys(after: nil, countMax: 10)), key: [], slot: self.slot, consistency: .quorum, token: 1_001)
        }
        nodes.run(for: .milliseconds(500))
        XCTAssertEqual(host.answers[1_001], .answer(.keys([key], after: nil, total: 1)))
    }

    func test_holders_areTheOthersThatHaveIt() throws {
        let version = try set(key, [1])
        nodes.run(for: .milliseconds(500))
        for host in nodes.hosts {
            XCTAssertEqual(try ask(.holders(version), at: host), .count(2))
            XCTAssertEqual(
                try ask(.holders(Version(epoch: version.epoch, sequence: version.sequence + 100)), at: host), .count(0))
        }
        let primary = try XCTUnwrap(nodes.hosts.first { $0.node?.replicator.replica(slot).leadership != nil })
        nodes.kill(try XCTUnwrap(nodes.hosts.first { $0 !== primary }))
        nodes.run(for: .milliseconds(50))
        XCTAssertEqual(try ask(.holders(version), at: primary), .count(1))
    }

    func test_entries_tooLargeForAFrame_areRefused() throws {
        let half = [UInt8](repeating: 1, count: Limits.valueBytesMax / 2 + Limits.chunkBytesMax)
        _ = try set(key, half)
        _ = try set(tagged("b"), half)
        let query = Operation.query(.entries([key, tagged("b")]))
        XCTAssertEqual(nodes.ask(nodes.hosts[0], query, key), .refused(.batchTooLarge))
        XCTAssertEqual(nodes.ask(nodes.hosts[0], query, key, at: .one), .refused(.batchTooLarge))
    }

    /// What one step writes, one step reads, however many others are under way.
    func test_entries_ofKeysThatAreWrittenTogether_areAlwaysEqual() throws {
        let both = [key, tagged("b")]
        var tokens: [(TestHost, UInt64)] = []
        for round in 0..<60 {
            for (index, host) in nodes.hosts.enumerated() {
                let value = Array("\(round) \(index)".utf8)
                _ = nodes.submit(host, .batch(both.map { KeyedWrite(key: $0, write: Write(.set(value), for: .forever)) }), key)
                for level in [Consistency.quorum, .one] { tokens.append((host, nodes.submit(host, .query(.entries(both)), key, at: level))) }
            }
            if round % 3 == 0 { nodes.run(for: .milliseconds(10)) }
        }
        nodes.run(for: .seconds(1))
        for (host, token) in tokens {
            guard case .answer(.entries(let entries))? = host.answers[token], entries.count == 2 else {
                XCTFail("\(String(describing: host.answers[token]))")
                continue
            }
            XCTAssertEqual(entries[0]?.value, entries[1]?.value)
            XCTAssertEqual(entries[0]?.version, entries[1]?.version)
        }
    }
}
