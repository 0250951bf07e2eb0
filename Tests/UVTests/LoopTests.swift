import UV
import XCTest

final class LoopTests: LoopTestCase {
    /// Has `source` call its argument once from some callback, and requires that `onTurnEnd` then comes
    /// without anything else waking the loop: nothing else does before the deadline.
    private func assertTurnEnds(
        after source: String, line: UInt = #line, _ arrange: (Loop, @escaping () -> Void) throws -> Void
    ) throws {
        let loop = try Loop()
        defer { loop.close() }
        var hasWork = false
        var isServed = false
        loop.onTurnEnd = {
            if hasWork {
                isServed = true
                loop.stop()
            }
        }
        try arrange(loop) { hasWork = true }
        let deadline = Timer(loop) { loop.stop() }
        deadline.start(after: .seconds(5))
        loop.run()
        XCTAssertTrue(isServed, "no onTurnEnd after \(source)", line: line)
        XCTAssertTrue(deadline.isStarted, "only the deadline woke the loop after \(source)", line: line)
    }

    func test_onTurnEnd_afterEveryKindOfCallback_comesBeforeTheLoopWaits() throws {
        try assertTurnEnds(after: "a timer") { loop, work in
            Timer(loop, onFire: work).start(after: .milliseconds(2))
        }
        try assertTurnEnds(after: "a wakeup") { loop, work in
            let wakeup = try Wakeup(loop, onWake: work)
            Thread.detachNewThread { wakeup.wake() }
        }
        try assertTurnEnds(after: "a signal") { loop, work in
            _ = try Signal(loop, SIGUSR2, onSignal: work)
            kill(getpid(), SIGUSR2)
        }
        try assertTurnEnds(after: "a look-up") { loop, work in
            Resolver(loop).resolve("127.0.0.1", port: 1) { _ in work() }
        }
        try assertTurnEnds(after: "a datagram") { loop, work in
            let socket = try Datagram(loop, bindTo: self.loopback())
            socket.onReceive = { _, _ in work() }
            socket.send([1], to: try XCTUnwrap(socket.address))
        }
        try assertTurnEnds(after: "a connection") { loop, work in
            let listener = try Listener(loop, on: self.loopback())
            listener.onConnection = { _ in work() }
            _ = Stream(loop, connectingTo: listener.address, timeout: .seconds(9))
        }
        try assertTurnEnds(after: "a read") { loop, work in
            let listener = try Listener(loop, on: self.loopback())
            listener.onConnection = { $0.onRead = { _ in work() } }
            Stream(loop, connectingTo: listener.address, timeout: .seconds(9)).write([1])
        }
        try assertTurnEnds(after: "a close") { loop, work in
            let listener = try Listener(loop, on: self.loopback())
            listener.onConnection = { $0.close() }
            Stream(loop, connectingTo: listener.address, timeout: .seconds(9)).onClose = { _ in work() }
        }
    }

    func test_onTurnEnd_readsOfOneTurn_areGatheredInOneCall() throws {
        let (client, server) = try connectedPair()
        let other = try connectedPair()
        let loop = try loop
        var reads = 0
        var readsBefore: [Int] = []
        server.onRead = { _ in reads += 1 }
        other.server.onRead = { _ in reads += 1 }
        client.write([1])
        other.client.write([1])
        loop.onTurnEnd = {
            if reads > 0 {
                readsBefore.append(reads)
                loop.stop()
            }
        }
        try runUntilStopped()
        XCTAssertEqual(readsBefore.first, 2)
    }

    func test_stop_insideCallback_endsTheTurnFirst() throws {
        let loop = try loop
        var ends = 0
        var endsAtStop = 0
        loop.onTurnEnd = { ends += 1 }
        let wakeup = try Wakeup(loop) {
            endsAtStop = ends
            loop.stop()
        }
        wakeup.wake()
        try runUntilStopped()
        XCTAssertEqual(ends, endsAtStop + 1)
    }

    func test_run_nothingToWaitFor_returns() throws {
        let loop = try loop
        loop.run()
        XCTAssertEqual(loop.handleCount, 0)
    }

    func test_clocks_goOn() throws {
        let loop = try loop
        let (now, wall) = (loop.now, loop.walltime)
        try run(turns: 5)
        XCTAssertGreaterThan(loop.now, now + 4_000_000)
        XCTAssertGreaterThanOrEqual(loop.walltime, wall)
        XCTAssertLessThan(abs(Double(loop.walltime) / 1_000 - Date().timeIntervalSince1970), 5)
        XCTAssertLessThanOrEqual(loop.turnTime, loop.now / 1_000_000)
    }

    func test_close_withEverythingOpen_freesAllAndTellsStreams() throws {
        try assertKeepsNoDescriptor {
            var seen: [WeakObject] = []
            try openEverythingAndClose(seen: &seen)
            XCTAssertEqual(seen.map(\.name), ["Loop", "Listener", "Datagram", "Timer", "Stream"])
            XCTAssertEqual(seen.filter { $0.object != nil }.map(\.name), [])
        }
    }

    private func openEverythingAndClose(seen: inout [WeakObject]) throws {
        var closings: [CloseReason] = []
        let loop = try Loop()
        let listener = try Listener(loop, on: loopback())
        let datagram = try Datagram(loop, bindTo: loopback())
        _ = try Wakeup(loop) { _ = loop }
        _ = try Signal(loop, SIGUSR2) { _ = loop }
        let timer = Timer(loop) { _ = loop }
        timer.start(after: .seconds(1_000))
        listener.onConnection = { stream in
            stream.onClose = { closings.append($0) }
            stream.onRead = { _ in _ = stream }  // a cycle, until it is closed
            loop.stop()
        }
        let client = Stream(loop, connectingTo: listener.address, timeout: .seconds(9))
        client.onClose = { closings.append($0) }
        client.onRead = { _ in _ = (client, loop) }
        let objects: [AnyObject] = [loop, listener, datagram, timer, client]
        seen = objects.map { WeakObject($0) }
        loop.run()
        client.write(payload(4 << 20))
        loop.close()
        loop.close()
        XCTAssertEqual(closings, [.local, .local])
        XCTAssertEqual(loop.handleCount, 0)
        client.write([1])
        timer.start(after: .zero)
        XCTAssertThrowsError(try Listener(loop, on: loopback()))
        XCTAssertFalse(Stream(loop, connectingTo: listener.address, timeout: .seconds(1)).isOpen)
    }

    func test_deinit_handlesThatNobodyClosedButLetGo_areFreed() throws {
        try assertKeepsNoDescriptor {
            weak var seen: Loop?
            try {
                let loop = try Loop()
                seen = loop
                let timers = (0..<10).map { _ in Timer(loop) {} }
                XCTAssertEqual(loop.handleCount, timers.count)
            }()
            XCTAssertNil(seen)
        }
    }
}

struct WeakObject {
    weak var object: AnyObject?
    let name: String

    init(_ object: AnyObject) {
        self.object = object
        name = "\(type(of: object))"
    }
}
