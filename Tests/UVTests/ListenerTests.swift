import UV
import XCTest

final class ListenerTests: LoopTestCase {
    func test_init_portZero_getsAFreeOne() throws {
        let listeners = try (0..<5).map { _ in try listen() }
        XCTAssertFalse(listeners.contains { $0.address.port == 0 })
        XCTAssertEqual(Set(listeners.map(\.address)).count, 5)
    }

    func test_init_takenPort_saysSo() throws {
        for ip in ["127.0.0.1", "::1"] {
            if ip == "::1" { try skipWithoutIPv6() }
            let first = try listen(ip: ip)
            XCTAssertThrowsError(try Listener(try loop, on: first.address)) {
                XCTAssertEqual("\($0)", "\(first.address) is in use by another process")
            }
        }
    }

    func test_init_addressOfAnotherMachine_saysSo() throws {
        let foreign = try XCTUnwrap(SocketAddress(ip: "192.0.2.1", port: 8081))
        XCTAssertThrowsError(try Listener(try loop, on: foreign)) {
            XCTAssertEqual("\($0)", "cannot listen on 192.0.2.1:8081: address not available")
        }
    }

    func test_init_portWithOldConnections_canBeTakenAgain() throws {
        let listener = try listen()
        var accepted: Stream?
        listener.onConnection = { accepted = $0 }
        let client = try connect(to: listener.address)
        try run { accepted != nil && client.isConnected }
        let inbox = Inbox(of: client)
        accepted?.close()  // the side that closes first keeps the port in TIME_WAIT
        listener.close()
        try run { inbox.closings == [.endOfFile] }
        let again = try Listener(loop, on: listener.address)
        XCTAssertEqual(again.address, listener.address)
    }

    func test_close_withoutAnybody_refusesAndFreesThePort() throws {
        let listener = try listen()
        var connections = 0
        listener.onConnection = { _ in connections += 1 }
        listener.close()
        let client = try connect(to: listener.address)
        let inbox = Inbox(of: client)
        try run { !inbox.closings.isEmpty }
        XCTAssertEqual(inbox.closings.map(\.description), ["connection refused"])
        XCTAssertEqual(connections, 0)
    }

    func test_onConnection_notSet_closesTheConnection() throws {
        let listener = try listen()
        let inbox = Inbox(of: try connect(to: listener.address))
        try run { !inbox.closings.isEmpty }
        XCTAssertEqual(inbox.closings, [.endOfFile])
    }

    func test_close_insideOnConnection_acceptsNoMore() throws {
        let listener = try listen()
        var connections = 0
        listener.onConnection = { [unowned listener] _ in
            connections += 1
            listener.close()
        }
        let clients = try (0..<5).map { _ in try connect(to: listener.address) }
        try run { connections > 0 }
        try run(turns: 10)
        XCTAssertEqual(connections, 1)
        withExtendedLifetime(clients) {}
    }

    func test_accept_outOfDescriptors_waitsWithoutSpinningAndGoesOn() throws {
        let loop = try loop
        let listener = try listen()
        var accepted = 0
        var failures: [IOError] = []
        listener.onConnection = { _ in accepted += 1 }
        listener.onFailure = { failures.append($0) }
        let clients = try (0..<3).map { _ in try PlainSocket(connectedTo: listener.address) }
        defer { for client in clients { client.close() } }

        var limit = rlimit()
        getrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)
        var none = rlimit(rlim_cur: 1, rlim_max: limit.rlim_max)
        setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &none)
        var turns = 0
        loop.onTurnEnd = { turns += 1 }
        let stop = Timer(loop) { loop.stop() }
        stop.start(after: .milliseconds(350))
        loop.run()
        setrlimit(__rlimit_resource_t(UInt32(RLIMIT_NOFILE.rawValue)), &limit)

        XCTAssertEqual(accepted, 0)
        XCTAssertTrue((2...5).contains(failures.count), "\(failures.count) tries in 350 ms")
        XCTAssertEqual(
            failures.first?.text,
            "cannot accept connections on \(listener.address): too many open files")
        XCTAssertLessThan(turns, 30)
        try run { accepted == clients.count }
    }
}
