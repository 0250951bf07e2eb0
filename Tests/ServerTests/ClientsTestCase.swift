import Protocol
import UV
import XCTest

@testable import Server

/// A loop with `Clients` on a loopback port and a sink that the test steers.
class ClientsTestCase: XCTestCase {
    private(set) var loop: Loop!
    private(set) var clients: Clients!
    private(set) var sink: TestSink!
    private var listener: Listener!
    private var testClients: [TestClient] = []

    override func setUpWithError() throws {
        Signal.ignoreBrokenPipe()
        loop = try Loop()
        try serve()
    }

    /// - Parameters:
    ///   - limits: replaces what `setUp` made.
    ///   - expectsLargeAnswers: whether a connection begins carefully, as it does in a node.
    func serve(limits: ClientLimits = ClientLimits(), expectsLargeAnswers: Bool = false) throws {
        listener?.close()
        var limits = limits
        if !expectsLargeAnswers { limits.firstAnswerBytes = 1 }
        let clients = Clients(loop, node: try XCTUnwrap(NodeID("here")), limits: limits)
        let sink = TestSink(clients)
        clients.sink = sink
        self.clients = clients
        self.sink = sink
        listener = try Listener(loop, on: try XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 0)))
        listener.onConnection = { stream in
            var first: [UInt8] = []
            stream.onRead = { [unowned stream] bytes in
                first.append(contentsOf: bytes)
                if case .known(let kind) = ProtocolSniffer.sniff(first) {
                    clients.admit(stream, firstBytes: first, kind: kind)
                }
            }
        }
        loop.onTurnEnd = {
            clients.serveArrivals()
            sink.onTurnEnd?()
            clients.flush()
        }
    }

    override func tearDown() {
        for client in testClients { client.close() }
        testClients = []
        clients.closeAll()
        loop.close()
        loop = nil
    }

    func connect() throws -> TestClient {
        let client = try TestClient(connectedTo: listener.address)
        testClients.append(client)
        return client
    }

    /// Runs the loop until `condition` holds, while the test's clients send and, where they do, receive.
    func run(
        within limit: Duration = .seconds(30), file: StaticString = #filePath, line: UInt = #line,
        until condition: @escaping () -> Bool
    ) {
        loop.run(pumping: { [unowned self] in testClients }, within: limit, file: file, line: line, until: condition)
    }

    /// Runs the loop for a while: time for what must not happen.
    func run(turns: Int) {
        var left = turns
        run {
            left -= 1
            return left < 0
        }
    }
}

typealias Timer = UV.Timer
