import UV
import XCTest

final class StreamTests: LoopTestCase {
    private func echo(_ bytes: [UInt8], through listener: Listener) throws {
        let client = try connect(to: listener.address)
        let inbox = Inbox(of: client)
        client.write(bytes)  // while it connects
        try run { inbox.bytes.count >= bytes.count || !inbox.closings.isEmpty }
        XCTAssertTrue(inbox.bytes == bytes, "\(bytes.count) bytes came back otherwise")
        client.close()
        try run { inbox.closings == [.local] }
    }

    func test_write_oneByteToOneMebibyte_comesBackWhole() throws {
        let listener = try listenAndEcho()
        var sizes = [1, 2, 65_535, 65_536, 65_537, 1 << 20]
        sizes += (0..<10).map { 1 << (2 * $0) + Int.random(in: 0...100) }
        for size in sizes { try echo(payload(size, seed: UInt64(size)), through: listener) }
    }

    func test_write_overIPv6_comesBackWhole() throws {
        try skipWithoutIPv6()
        let listener = try listenAndEcho(ip: "::1")
        XCTAssertTrue(listener.address.description.hasPrefix("[::1]:"))
        try echo(payload(100_000), through: listener)
    }

    func test_write_manyPiecesOfAllSizes_arriveInOrder() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox(of: server)
        var sent: [UInt8] = []
        for number in 0..<500 {
            let piece = payload(Int.random(in: 0...20_000), seed: UInt64(number))
            client.write(piece)
            sent += piece
        }
        try run { inbox.bytes.count >= sent.count }
        XCTAssertTrue(inbox.bytes == sent)
    }

    func test_addresses_ofBothEnds_matchAndEndWithIt() throws {
        let (client, server) = try connectedPair()
        XCTAssertNotNil(client.localAddress)
        XCTAssertEqual(client.localAddress, server.remoteAddress)
        XCTAssertEqual(client.remoteAddress, server.localAddress)
        client.close()
        XCTAssertNil(client.localAddress)
    }

    func test_connect_nobodyListens_saysRefused() throws {
        let listener = try listen()
        listener.close()
        let client = try connect(to: listener.address)
        var connects = 0
        client.onConnect = { connects += 1 }
        let inbox = Inbox(of: client)
        client.write([1, 2, 3])
        XCTAssertTrue(inbox.closings.isEmpty)
        try run { !inbox.closings.isEmpty }
        try run(turns: 3)
        XCTAssertEqual(inbox.closings.map(\.description), ["connection refused"])
        XCTAssertEqual(connects, 0)
    }

    func test_connect_nobodyAnswers_saysTimedOut() throws {
        // A full queue of connections that nobody accepts: the system then answers nothing.
        let quiet = try QuietListener()
        defer { quiet.close() }
        let clients = try (0..<8).map { _ in try connect(to: quiet.address, timeout: .milliseconds(200)) }
        let inboxes = clients.map { Inbox(of: $0) }
        let isStanding = { (index: Int) in clients[index].isConnected || !inboxes[index].closings.isEmpty }
        try run { clients.indices.allSatisfy(isStanding) }
        let late = inboxes.filter { !$0.closings.isEmpty }
        XCTAssertFalse(late.isEmpty)
        for inbox in late { XCTAssertEqual(inbox.closings.map(\.description), ["connection timed out"]) }
    }

    func test_connect_closedBeforeItStands_onlySaysClosed() throws {
        let listener = try listenAndEcho()
        let client = try connect(to: listener.address)
        let inbox = Inbox(of: client)
        client.onConnect = { XCTFail("connected after close()") }
        client.write([1])
        client.close()
        XCTAssertTrue(inbox.closings.isEmpty, "never from inside a call")
        try run { !inbox.closings.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(inbox.closings, [.local])
        XCTAssertTrue(inbox.bytes.isEmpty)
    }

    func test_pauseReading_untilResumed_nothingIsReadAndNothingLost() throws {
        let (client, server) = try connectedPair()
        let sent = payload(8 << 20)
        let inbox = Inbox()
        server.onRead = { [unowned server] in
            inbox.bytes.append(contentsOf: $0)
            inbox.reads += 1
            if inbox.reads == 1 { server.pauseReading() }
        }
        client.write(sent)
        try run { inbox.reads == 1 }
        try run(turns: 20)
        XCTAssertEqual(inbox.reads, 1)
        XCTAssertGreaterThan(client.writeQueueBytes, 0)
        server.resumeReading()
        try run { inbox.bytes.count >= sent.count }
        XCTAssertTrue(inbox.bytes == sent)
    }

    func test_pauseReading_whileConnecting_holdsFromTheStart() throws {
        let listener = try listen()
        listener.onConnection = { $0.write([7]) }
        let client = try connect(to: listener.address)
        client.pauseReading()
        let inbox = Inbox(of: client)
        try run { client.isConnected }
        try run(turns: 10)
        XCTAssertEqual(inbox.reads, 0)
        client.resumeReading()
        try run { inbox.bytes == [7] }
    }

    func test_onDrained_afterBackPressure_comesOnceWithAnEmptyQueue() throws {
        let (client, server) = try connectedPair()
        server.pauseReading()
        let inbox = Inbox(of: server)
        var queues: [Int] = []
        client.onDrained = { [unowned client] in queues.append(client.writeQueueBytes) }
        client.write([1])
        try run(turns: 3)
        XCTAssertEqual(queues, [], "nothing had to wait")

        let piece = payload(1 << 20)
        for _ in 0..<16 { client.write(piece) }
        let waiting = client.writeQueueBytes
        XCTAssertGreaterThan(waiting, 0)
        XCTAssertLessThanOrEqual(waiting, 16 << 20)
        try run(turns: 20)
        XCTAssertEqual(queues, [])
        server.resumeReading()
        try run { inbox.bytes.count >= 1 + 16 << 20 }
        try run { !queues.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(queues, [0])
    }

    func test_openAndClose_manyConnections_leavesNothing() throws {
        let listener = try listenAndEcho()
        try echo([1], through: listener)  // libuv opens a reserve descriptor with its first stream
        try run { (try? self.loop.handleCount) == 3 }
        let before = try openDescriptors()
        var objects: [WeakObject] = []
        var closed = 0
        for _ in 0..<10 {
            var echoed = 0
            for number in 0..<100 {
                let client = try connect(to: listener.address)
                objects.append(WeakObject(client))
                client.onRead = { bytes in
                    echoed += 1
                    if number % 2 == 0 { client.close() } else { client.shutdownAfterWrites() }
                }
                client.onClose = { _ in closed += 1 }
                client.write([UInt8(number)])
            }
            try run { echoed == 100 }
        }
        try run { closed == 1_000 }
        let loop = try loop
        try run { loop.handleCount == 3 }  // the listener and two timers of run(until:)
        XCTAssertEqual(objects.count { $0.object != nil }, 0)
        XCTAssertEqual(try openDescriptors(), before)
    }
}

/// Listens and never accepts, with the shortest queue.
struct QuietListener {
    let descriptor: Int32
    let address: SocketAddress

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var native = sockaddr_in()
        native.sin_family = sa_family_t(AF_INET)
        native.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        withUnsafeMutablePointer(to: &native) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = Glibc.bind(descriptor, $0, length)
                _ = Glibc.listen(descriptor, 0)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        address = try XCTUnwrap(
            SocketAddress(ip: "127.0.0.1", port: UInt16(bigEndian: native.sin_port)))
    }

    func close() { Glibc.close(descriptor) }
}
