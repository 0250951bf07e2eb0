import Protocol
import UV
import XCTest

@testable import Server

/// Who may stay silent, and for how long.
final class AcceptorTests: XCTestCase {
    private var loop: Loop!
    private var listener: Listener!
    private var acceptor: Acceptor!
    private var known: [UV.Stream] = []
    private var clients: [TestClient] = []
    private var places = 0

    override func setUpWithError() throws {
        Signal.ignoreBrokenPipe()
        loop = try Loop()
        listener = try Listener(loop, on: try XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 0)))
        acceptor = Acceptor(
            loop, listener, log: TestLinksOwner().log, silentMin: 2, clientsToCome: { [unowned self] in places - known.count },
            onKnown: { [unowned self] stream, _, _ in known.append(stream) })
    }

    override func tearDown() {
        clients.forEach { $0.close() }
        known.forEach { $0.close() }
        acceptor.close()
        loop.close()
    }

    private func run(file: StaticString = #filePath, line: UInt = #line, until condition: @escaping () -> Bool) {
        loop.run(pumping: { [unowned self] in clients }, file: file, line: line, until: condition)
    }

    private func connect(_ count: Int) throws {
        for _ in 0..<count { clients.append(try TestClient(connectedTo: listener.address)) }
    }

    private var ended: [Int] { clients.indices.filter { clients[$0].isAtEnd } }

    func test_asManyAsMayCome_mayBeSilent_andAreServedWhenTheySpeak() throws {
        places = 20
        try connect(20)
        clients[19].send("PING\r\n")
        run { self.known.count == 1 }
        for client in clients.dropLast() { client.send("PING\r\n") }
        run { self.known.count == 20 }
        XCTAssertEqual(ended, [])
    }

    func test_beyondThat_whoIsSilentForLongestMakesRoom() throws {
        places = 0
        try connect(5)
        run { self.ended.count == 3 }
        XCTAssertEqual(ended, [0, 1, 2])
    }
}
