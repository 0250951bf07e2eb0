import UV
import XCTest

final class StreamClosingTests: LoopTestCase {
    func test_close_atThePeer_isEndOfFileOnce() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox(of: client)
        server.write([1, 2, 3])
        server.close()
        try run { !inbox.closings.isEmpty }
        try run(turns: 3)
        XCTAssertEqual(inbox.closings, [.endOfFile])
        XCTAssertEqual(inbox.bytes, [1, 2, 3])
    }

    func test_close_twice_isOneCallback() throws {
        let (client, _) = try connectedPair()
        let inbox = Inbox(of: client)
        client.close()
        client.close()
        client.shutdownAfterWrites()
        try run { !inbox.closings.isEmpty }
        try run(turns: 3)
        XCTAssertEqual(inbox.closings, [.local])
    }

    func test_close_insideOnRead_noMoreCallbacksButOnClose() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox()
        client.onDrained = { XCTFail("drained after close()") }
        client.onClose = { inbox.closings.append($0) }
        client.onRead = { [unowned client] _ in
            inbox.reads += 1
            client.write(payload(8 << 20))
            client.close()
            XCTAssertFalse(client.isOpen)
            XCTAssertEqual(client.writeQueueBytes, 0)
            XCTAssertTrue(inbox.closings.isEmpty)
        }
        server.write(payload(1 << 20))
        try run { !inbox.closings.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(inbox.reads, 1)
        XCTAssertEqual(inbox.closings, [.local])
    }

    func test_close_insideEveryOtherCallback_isSafe() throws {
        let listener = try listen()
        var accepted: [Stream] = []
        listener.onConnection = { accepted.append($0) }
        let early = try connect(to: listener.address)
        let first = Inbox(of: early)
        early.onConnect = { [unowned early] in early.close() }
        try run { first.closings == [.local] }

        let (client, server) = try connectedPair()
        let second = Inbox(of: client)
        client.onDrained = { [unowned client] in client.close() }
        client.write(payload(8 << 20))
        server.onRead = { _ in }
        try run { second.closings == [.local] }

        let pair = try connectedPair()
        let third = Inbox(of: pair.client)
        pair.client.onEnd = { [unowned client = pair.client] in client.close() }
        pair.server.close()
        try run { third.closings == [.local] }
    }

    func test_close_anotherStreamInsideOnRead_silencesIt() throws {
        let pairs = try (0..<2).map { _ in try connectedPair() }
        var readers: [Int] = []
        for index in 0..<2 {
            pairs[index].server.onRead = { _ in
                readers.append(index)
                pairs[1 - index].server.close()
            }
            pairs[index].client.write([1])
        }
        try run { !readers.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(readers.count, 1)
    }

    func test_write_afterClose_isIgnored() throws {
        let (client, server) = try connectedPair()
        let inbox = Inbox(of: server)
        client.write([1])
        client.close()
        client.write([2])
        client.write(payload(1 << 20))
        client.pauseReading()
        client.resumeReading()
        XCTAssertEqual(client.writeQueueBytes, 0)
        try run { !inbox.closings.isEmpty }
        client.write([3])
        XCTAssertEqual(inbox.bytes, [1])
    }

    func test_write_toAResetConnection_failsInWords() throws {
        let listener = try listen()
        var server: Stream?
        listener.onConnection = { server = $0 }
        let peer = try PlainSocket(connectedTo: listener.address)
        try run { server != nil }
        let inbox = Inbox(of: try XCTUnwrap(server))
        server?.pauseReading()
        peer.reset()
        try run {
            server?.write([1])
            return !inbox.closings.isEmpty
        }
        XCTAssertEqual(inbox.closings.count, 1)
        guard case .failed(let error)? = inbox.closings.first else { return XCTFail("\(inbox.closings)") }
        XCTAssertTrue(["connection reset by peer", "broken pipe"].contains(error.text), error.text)
    }

    func test_read_fromAResetConnection_failsInWords() throws {
        let listener = try listen()
        var server: Stream?
        listener.onConnection = { server = $0 }
        let peer = try PlainSocket(connectedTo: listener.address)
        try run { server != nil }
        let inbox = Inbox(of: try XCTUnwrap(server))
        peer.reset()
        try run { !inbox.closings.isEmpty }
        XCTAssertEqual(inbox.closings.map(\.description), ["connection reset by peer"])
    }

    func test_onEnd_peerThatSendsNoMore_stillGetsItsAnswer() throws {
        let listener = try listen()
        let inbox = Inbox()
        listener.onConnection = { stream in
            stream.onRead = { inbox.bytes.append(contentsOf: $0) }
            stream.onClose = { inbox.closings.append($0) }
            stream.onEnd = { [unowned stream] in
                stream.write(inbox.bytes.reversed())
                stream.shutdownAfterWrites()
            }
        }
        let peer = try PlainSocket(connectedTo: listener.address)
        defer { peer.close() }
        peer.send([1, 2, 3])
        peer.sendEnd()
        try run { !inbox.closings.isEmpty }
        XCTAssertEqual(inbox.closings, [.local])
        XCTAssertEqual(peer.receive(), [3, 2, 1])
    }

    func test_shutdownAfterWrites_withUnreadInput_sendsEverythingFirst() throws {
        let (client, server) = try connectedPair()
        let sent = payload(8 << 20)
        let inbox = Inbox(of: client)
        let other = Inbox(of: server)
        client.write(payload(1 << 20))  // what the server will not read
        server.write(sent)
        server.shutdownAfterWrites()
        server.write([9])
        try run { !inbox.closings.isEmpty && !other.closings.isEmpty }
        XCTAssertTrue(inbox.bytes == sent, "\(inbox.bytes.count) of \(sent.count) bytes")
        XCTAssertEqual(inbox.closings, [.endOfFile])
        XCTAssertEqual(other.closings, [.local])
        XCTAssertEqual(other.reads, 0)
    }

    /// A socket that is closed resets whoever still sends to it, and the system then throws away what it had
    /// not delivered.
    func test_shutdownAfterWrites_peerThatStillSendsAndReadsLate_getsEverything() throws {
        let (client, server) = try connectedPair()
        let sent = payload(1 << 20)
        client.pauseReading()
        server.write(sent)
        server.shutdownAfterWrites()
        try run(turns: 20)
        client.write([1])
        try run(turns: 20)
        client.write([1])
        let inbox = Inbox(of: client)
        client.resumeReading()
        try run { !inbox.closings.isEmpty }
        XCTAssertEqual(inbox.closings, [.endOfFile])
        XCTAssertTrue(inbox.bytes == sent, "\(inbox.bytes.count) of \(sent.count) bytes")
    }

    func test_shutdownAfterWrites_whileConnecting_sendsEverythingFirst() throws {
        let listener = try listen()
        let inbox = Inbox()
        listener.onConnection = { stream in
            stream.onRead = { inbox.bytes.append(contentsOf: $0) }
            stream.onClose = { inbox.closings.append($0) }
        }
        let sent = payload(3 << 20)
        let client = try connect(to: listener.address)
        let own = Inbox(of: client)
        client.write(sent)
        client.shutdownAfterWrites()
        try run { !inbox.closings.isEmpty && !own.closings.isEmpty }
        XCTAssertTrue(inbox.bytes == sent)
        XCTAssertEqual(own.closings, [.local])
    }

    func test_shutdownAfterWrites_peerThatNeverCloses_isNotWaitedForLong() throws {
        let listener = try listen()
        let inbox = Inbox()
        listener.onConnection = { stream in
            stream.onClose = { inbox.closings.append($0) }
            stream.write([5])
            stream.shutdownAfterWrites()
        }
        let peer = try PlainSocket(connectedTo: listener.address)
        defer { peer.close() }
        try run(within: .seconds(5)) { !inbox.closings.isEmpty }
        XCTAssertEqual(inbox.closings, [.local])
        XCTAssertEqual(peer.receive(), [5])
    }
}
