import XCTest

/// A member that takes nothing while others write more than may wait for it.
final class SlowMemberTests: IntegrationTestCase {
    private static let valueBytes = 256 << 10
    private static let keys = 64

    func test_stoppedMember_othersGoOn_whatWaitsForItIsBounded_andItCatchesUp() throws {
        // With a table in memory a node writes more in a second than a disk would take.
        let ring = try TestRing(3, flags: ["-storage", "memory"], in: self)
        let client = try ring.client(0)
        for round in 0..<4 { try write(round, client) }
        let before = try ring[0].process.residentBytes()

        ring[2].process.signal(SIGSTOP)
        let start = ContinuousClock.now
        var round = 4
        var longest = Duration.zero
        var most = 0
        // Until the link has been given up, and some time beyond.
        while !isCutOff(from: ring[0]) || round < 8 {
            let begin = ContinuousClock.now
            try write(round, client)
            longest = max(longest, ContinuousClock.now - begin)
            most = max(most, try ring[0].process.residentBytes())
            round += 1
            guard ContinuousClock.now - start < .seconds(60) else { return XCTFail("the link is still open") }
        }
        let span = ContinuousClock.now - start
        let lines = ring[0].process.errorLines.filter { $0.contains("the link to server3 ended") }
        print("\(round - 4) rounds of \((Self.keys * Self.valueBytes) >> 20) MiB in \(span), the longest \(longest);",
            "\(before >> 20) MiB before, \(most >> 20) MiB at the most; \(lines)")
        // What may wait for a peer, the backlog, and as much again for buffers and what the allocator keeps.
        XCTAssertLessThan(most - before, 2 * (256 + 64) << 20)

        ring[2].process.signal(SIGCONT)
        try ring.waitUntilSettled()
        let reader = try ring.client(2)
        for key in 0..<Self.keys {
            let value = try reader.get("key-\(key)", consistency: "one")
            XCTAssertEqual(value?.prefix(8), Self.value(round - 1, key).prefix(8))
        }
    }

    private func isCutOff(from node: NodeProcess) -> Bool {
        node.process.errorLines.contains { $0.contains("the link to server3 ended") }
    }

    private func write(_ round: Int, _ client: LineClient) throws {
        let requests = (0..<Self.keys).map { LineClient.setRequest("key-\($0)", Self.value(round, $0)) }
        try client.pipeline(requests, window: 16) { _, answer in
            XCTAssertTrue(answer.isSuccess, answer.error ?? "")
        }
    }

    private static func value(_ round: Int, _ key: Int) -> String {
        let head = String(round * 1_000 + key)
        return String(repeating: "0", count: 8 - head.count) + head + String(repeating: "v", count: valueBytes - 8)
    }
}
