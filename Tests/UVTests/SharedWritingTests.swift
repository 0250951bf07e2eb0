import UV
import XCTest

/// Pieces that are written without a copy, a part in each turn.
final class SharedWritingTests: LoopTestCase {
    func test_sharedPieces_amongOthers_arriveInOrder() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox(of: server)
        var sent: [UInt8] = []
        for number in 0..<60 {
            let piece = payload(number % 3 == 0 ? Int.random(in: 0...900_000) : Int.random(in: 0...3_000), seed: UInt64(number))
            if number % 3 == 0 { client.write(shared: piece) } else { client.write(piece) }
            sent += piece
        }
        XCTAssertLessThanOrEqual(client.writeQueueBytes, sent.count)
        try run { inbox.bytes.count >= sent.count }
        XCTAssertTrue(inbox.bytes == sent)
        XCTAssertEqual(client.writeQueueBytes, 0)
    }

    func test_sharedPiece_whileConnecting_isSentWhenItStands() throws {
        let listener = try listenAndEcho()
        let client = try connect(to: listener.address)
        let inbox = Inbox(of: client)
        let piece = payload(1 << 20)
        client.write([1])
        client.write(shared: piece)
        client.write([2])
        try run { inbox.bytes.count == piece.count + 2 }
        XCTAssertTrue(inbox.bytes == [1] + piece + [2])
    }

    func test_shutdown_behindSharedPieces_sendsAllOfThem() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox(of: server)
        let piece = payload(12 << 20)
        client.write(shared: piece)
        client.write([7])
        client.shutdownAfterWrites()
        client.write(shared: [8])
        try run { !inbox.closings.isEmpty }
        XCTAssertTrue(inbox.bytes == piece + [7])
        XCTAssertEqual(inbox.closings, [.endOfFile])
    }

    func test_shutdown_whileConnecting_sendsSharedPieces() throws {
        let listener = try listen()
        var server: Inbox?
        listener.onConnection = { server = Inbox(of: $0) }
        let client = try connect(to: listener.address)
        let piece = payload(3 << 20)
        client.write(shared: piece)
        client.shutdownAfterWrites()
        try run { server?.closings == [.endOfFile] }
        XCTAssertTrue(server?.bytes == piece)
    }

    func test_onDrained_afterSharedPieces_comesOnceWithAnEmptyQueue() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox(of: server)
        server.pauseReading()
        var queues: [Int] = []
        client.onDrained = { [unowned client] in queues.append(client.writeQueueBytes) }
        for _ in 0..<2 { client.write(shared: payload(16 << 20)) }
        XCTAssertGreaterThan(client.writeQueueBytes, 31 << 20)
        try run(turns: 20)
        XCTAssertEqual(queues, [])
        server.resumeReading()
        try run { !queues.isEmpty && inbox.bytes.count == 32 << 20 }
        try run(turns: 5)
        XCTAssertEqual(queues, [0])
    }

    func test_close_amongSharedPieces_letsGoOfThem() throws {
        let (client, server) = try connectedPair()
        server.pauseReading()
        let inbox = Inbox(of: client)
        client.write(shared: payload(16 << 20))
        client.write(shared: payload(16 << 20))
        try run(turns: 5)
        client.close()
        XCTAssertEqual(client.writeQueueBytes, 0)
        try run { !inbox.closings.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(inbox.closings, [.local])
    }

    func test_peerThatResets_amongSharedPieces_isOneFailure() throws {
        let listener = try listen()
        var accepted: Stream?
        listener.onConnection = { accepted = $0 }
        let peer = try PlainSocket(connectedTo: listener.address)
        try run { accepted != nil }
        let stream = try XCTUnwrap(accepted)
        let inbox = Inbox(of: stream)
        stream.write(shared: payload(16 << 20))
        try run(turns: 5)
        peer.reset()
        try run { !inbox.closings.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(inbox.closings.count, 1)
        XCTAssertNotEqual(inbox.closings, [.local])
    }

    /// A peer that takes all at once gets a part in a turn, others something in between.
    func test_sharedPiece_toAFastReader_isWrittenAPartInEachTurn() throws {
        let listener = try listen()
        var accepted: Stream?
        listener.onConnection = { accepted = $0 }
        let peer = try PlainSocket(connectedTo: listener.address)
        defer { peer.close() }
        try run { accepted != nil }
        let stream = try XCTUnwrap(accepted)
        var left: [Int] = []
        try loop.onTurnEnd = { left.append(stream.writeQueueBytes) }
        stream.write(shared: payload(1 << 20))
        try run {
            while !peer.receive().isEmpty {}
            return stream.writeQueueBytes == 0
        }
        for (before, after) in zip(left, left.dropFirst()) { XCTAssertLessThanOrEqual(before - after, 2 * 64 * 1024) }
        XCTAssertGreaterThan(left.count, 8)
    }

    /// One that sends without end leaves room for others in each turn, and loses nothing.
    func test_reads_ofAFlood_areBoundedInEachTurn() throws {
        let (client, server) = try connectedPair()
        var turn = 0
        var bytesOfTurn: [Int: Int] = [:]
        var received: [UInt8] = []
        try loop.onTurnEnd = { turn += 1 }
        server.onRead = {
            bytesOfTurn[turn, default: 0] += $0.count
            received += $0
        }
        server.readsPerTurn = 2
        let sent = payload(8 << 20)
        client.write(sent)
        try run { received.count == sent.count }
        XCTAssertTrue(received == sent)
        XCTAssertLessThanOrEqual(bytesOfTurn.values.max() ?? 0, 2 * 65_536)
        XCTAssertGreaterThan(bytesOfTurn.values.max() ?? 0, 65_536, "the flood came in small pieces: nothing was shown")
    }

    func test_reads_ofAFloodThatIsPaused_goOnWhereTheyStopped() throws {
        let (client, server) = try connectedPair()
        var received: [UInt8] = []
        let sent = payload(4 << 20)
        server.readsPerTurn = 1
        server.onRead = { [unowned server] in
            received += $0
            server.pauseReading()
        }
        client.write(sent)
        client.shutdownAfterWrites()
        let again = Timer(try loop) { server.resumeReading() }
        again.start(after: .zero, every: .milliseconds(1))
        try run { received.count == sent.count }
        again.stop()
        XCTAssertTrue(received == sent)
    }
}
