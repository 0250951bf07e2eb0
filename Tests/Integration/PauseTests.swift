import XCTest

/// A node that stops for a while without knowing it.
final class PauseTests: IntegrationTestCase {
    func test_pause_oneOfThreeUnderLoad_othersGoOnAndItsReturnLosesNothing() throws {
        let ring = try TestRing(3, in: self)
        let load = WriteLoad(ports: ring.ports)
        try load.goOn()
        let paused = ring[0].port
        ring[0].process.signal(SIGSTOP)
        try load.goOn(for: 100, except: [paused])
        try ring.waitUntil(1, sees: 0, as: "dead")
        try load.goOn(except: [paused])
        ring[0].process.signal(SIGCONT)
        try load.goOn()
        try load.stop()

        for record in load.records where record.port != paused {
            XCTAssertEqual(record.errors, [])
            XCTAssertLessThan(record.longestWait, WriteLoad.patience)
        }
        print("longest waits while one node paused: \(load.records.filter { $0.port != paused }.map(\.longestWait))")
        try ring.waitUntilSettled()
        for index in 0..<3 { XCTAssertEqual(try load.losses(readBy: ring.client(index)), []) }
    }

    func test_pausedPrimary_readsSentToItAfterLaterWrites_areNeverStale() throws {
        let ring = try TestRing(3, in: self)
        let keys = (0..<100).map { "key-\($0)" }
        let writer = try ring.client(1)
        try writer.setAll(keys.map { ($0, "old") })
        let reader = try ring.client(0)
        XCTAssertEqual(try reader.get("key-0"), "old")

        ring[0].process.signal(SIGSTOP)
        try writer.setAll(keys.map { ($0, "new") })
        // All these begin after the writes were acknowledged, and before the node knows that it slept.
        try reader.send(keys.map { LineClient.getRequest($0) }.joined(separator: "\n") + "\n")
        ring[0].process.signal(SIGCONT)
        for key in keys {
            let answer = try reader.receive()
            XCTAssertEqual(try LineClient.value(of: answer), "new", key)
        }
    }
}
