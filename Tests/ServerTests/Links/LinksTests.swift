import Cluster
import Protocol
import UV
import XCTest

@testable import Server

/// What bounds the queue of a peer that takes nothing.
final class LinksTests: XCTestCase {
    private var loop: Loop!
    private var listener: Listener!
    private var owner: TestLinksOwner!
    private var links: Links!
    private var peer: TestClient!
    private static let peerID = TestLinksOwner.id("peer")

    /// A peer that has introduced itself, and what is sent to it from then on it does not read.
    override func setUpWithError() throws {
        Signal.ignoreBrokenPipe()
        loop = try Loop()
        owner = TestLinksOwner()
        links = Links(loop: loop, book: AddressBook(loop), owner: owner)
        listener = try Listener(loop, on: try XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 0)))
        listener.onConnection = { [unowned self] stream in links.accept(stream, firstBytes: []) }
        loop.onTurnEnd = { [unowned self] in links.flush() }
        peer = try TestClient(connectedTo: listener.address)
        peer.reads = false
        let hello = Hello(ring: nil, replicas: 3, record: TestLinksOwner.record("peer"), dialled: nil)
        var body = ByteWriter()
        body.write(hello)
        var writer = ByteWriter()
        writer.write(Hello.magic)
        writer.write(body.bytes)
        peer.send(writer.bytes)
        run { [unowned self] in links.isOpen(to: Self.peerID) }
    }

    override func tearDown() {
        links.close()
        listener.close()
        peer.close()
        loop.close()
        loop = nil
    }

    private func run(file: StaticString = #filePath, line: UInt = #line, until condition: @escaping () -> Bool) {
        loop.run(pumping: { [unowned self] in [peer] }, within: .seconds(60), file: file, line: line, until: condition)
    }

    private static func append(bytes: Int) throws -> PeerMessage {
        let entry = LogEntry(
            version: Version(rawValue: 1), request: RequestID(origin: 1, number: 1),
            timestamp: Timestamp(milliseconds: 0), key: [1],
            change: .set(value: [UInt8](repeating: 7, count: bytes), expiry: nil))
        let slot = try XCTUnwrap(Slot(0))
        return .append([Append(slot: slot, epoch: 1, previous: .zero, entries: [entry], commit: .zero, stable: .zero)])
    }

    func test_peerThatReadsNothing_isCutOffWhenItsQueueIsFull_andTheQueueGoesWithIt() throws {
        let message = try Self.append(bytes: 1 << 20)
        var most = 0
        var sent = 0
        run { [unowned self] in
            for _ in 0..<8 {
                links.send(message, to: Self.peerID)
                sent += 1 << 20
                most = max(most, links.unsentBytes(to: Self.peerID) ?? 0)
            }
            return !owner.closed.isEmpty
        }
        XCTAssertEqual(owner.closed, [Self.peerID])
        XCTAssertNil(links.unsentBytes(to: Self.peerID))
        // It was driven to the bound, and no further than by what the sockets hold and one message.
        XCTAssertGreaterThan(most, Limits.peerOutputBytesMax * 9 / 10)
        XCTAssertLessThanOrEqual(most, Limits.peerOutputBytesMax + 2 << 20)
        XCTAssertLessThan(sent, Limits.peerOutputBytesMax + 64 << 20)
        // What is said to it now goes nowhere.
        links.send(message, to: Self.peerID)
        XCTAssertNil(links.unsentBytes(to: Self.peerID))
    }

    func test_peerThatReads_isNotCutOff() throws {
        peer.reads = true
        let message = try Self.append(bytes: 1 << 20)
        var sent = 0
        run { [unowned self] in
            if (links.unsentBytes(to: Self.peerID) ?? 0) < 4 << 20 {
                links.send(message, to: Self.peerID)
                sent += 1
            }
            return sent == 300
        }
        XCTAssertEqual(owner.closed, [])
    }

    func test_silentPeer_isCutOffAfterTheSilence() throws {
        links.send(try Self.append(bytes: 1 << 20), to: Self.peerID)
        owner.now = .zero + .milliseconds(6_000)
        links.onTick()
        XCTAssertEqual(owner.closed, [])
        owner.now = .zero + .milliseconds(6_001)
        links.onTick()
        run { [unowned self] in !owner.closed.isEmpty }
        XCTAssertEqual(owner.closed, [Self.peerID])
        XCTAssertNil(links.unsentBytes(to: Self.peerID))
    }
}
