import XCTest

/// Nodes that come and go in good order, under load.
final class RingChangeTests: IntegrationTestCase {
    private static let keyCount = 1_500

    /// Copies that moved to other nodes: nodes only ever lose copies but by a move.
    private func moved(from before: [String: Int], to after: [String: Int]) -> Int {
        after.reduce(0) { $0 + max(0, $1.value - before[$1.key, default: 0]) }
    }

    private func fill(_ ring: TestRing) throws -> [String: String] {
        let entries = (0..<RingChangeTests.keyCount).map { (key: "key-\($0)", value: "value-\($0)") }
        try ring.client(0).setAll(entries)
        return Dictionary(uniqueKeysWithValues: entries.map { ($0.key, $0.value) })
    }

    /// Copies by node, once every key is counted `replicas` times and nowhere else.
    private func copies(_ ring: TestRing, of keyCount: Int, replicas: Int) throws -> [String: Int] {
        try poll("\(replicas) copies of \(keyCount) keys") {
            let keys = try ring.client(0).status().keys
            guard let keys, keys.values.reduce(0, +) == keyCount * replicas else {
                throw LineClient.Failure(description: "\(keys ?? [:])")
            }
            return keys
        }
    }

    func test_join_underLoad_movesItsShareAndFailsNothing() throws {
        let ring = try TestRing(3, flags: ["-replicas", "2"], in: self)
        let expected = try fill(ring)
        let load = WriteLoad(ports: ring.ports)
        try load.goOn(for: 100)
        let total = expected.count + 3 * 100
        let before = try copies(ring, of: total, replicas: 2)

        let joiner = try ring.add()
        try joiner.waitUntilReady()
        XCTAssertEqual(joiner.readyLine, "torc-node server4 ready on 127.0.0.1:\(joiner.port), ring of 4")
        try ring.waitUntilSettled()
        try load.goOn()
        try load.stop()

        XCTAssertEqual(load.records.flatMap(\.errors), [])
        XCTAssertFalse(load.records.contains { $0.isCutOff })
        let after = try copies(ring, of: total, replicas: 2)
        let ideal = Double(total * 2) / 4
        XCTAssertLessThanOrEqual(Double(moved(from: before, to: after)), 1.25 * ideal)
        XCTAssertGreaterThanOrEqual(Double(after["server4"] ?? 0), 0.75 * ideal)
        for index in [0, 3] {
            XCTAssertEqual(try load.losses(readBy: ring.client(index)), [])
            XCTAssertEqual(try ring.client(index).getAll(Array(expected.keys)), expected)
        }
    }

    func test_leave_underLoad_handsEverythingOverAndFailsNothing() throws {
        let ring = try TestRing(4, flags: ["-replicas", "2"], in: self)
        let expected = try fill(ring)
        let load = WriteLoad(ports: Array(ring.ports.prefix(3)))
        try load.goOn(for: 100)
        let total = expected.count + 3 * 100
        let before = try copies(ring, of: total, replicas: 2)

        ring[3].process.signal(SIGINT)
        XCTAssertEqual(try ring[3].process.waitForExit(within: .seconds(60)), 0)
        try ring.waitUntilSettled(without: [3])
        try load.goOn()
        try load.stop()

        XCTAssertEqual(load.records.flatMap(\.errors), [])
        let after = try copies(ring, of: total, replicas: 2)
        let ideal = Double(before["server4"] ?? 0)
        XCTAssertLessThanOrEqual(Double(moved(from: before, to: after)), 1.25 * ideal)
        XCTAssertEqual(try load.losses(readBy: ring.client(1)), [])
        XCTAssertEqual(try ring.client(2).getAll(Array(expected.keys)), expected)
    }

    func test_leaver_started_again_isToldThatItLeft() throws {
        let ring = try TestRing(3, flags: ["-replicas", "2"], in: self)
        ring[2].process.signal(SIGINT)
        XCTAssertEqual(try ring[2].process.waitForExit(within: .seconds(60)), 0)
        try ring.restart(2)
        XCTAssertEqual(try ring[2].process.waitForExit(), 1)
        XCTAssertTrue(ring[2].process.errors.contains("left the ring"), ring[2].process.errors)
    }
}
