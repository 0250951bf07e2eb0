import Protocol
import UV

/// A connection to one node, on which one request is under way at a time.
final class Line {
    enum Event {
        case connected
        case answer(JSONResponse)
        /// No answer will come any more. The last event.
        case lost(String)
    }

    let node: TortureNode
    private let stream: Stream
    private var reader = JSONResponseReader()
    private(set) var isConnected = false
    private var onEvent: ((Event) -> Void)?

    /// Nil for a place without an address.
    init?(_ loop: Loop, to node: TortureNode, onEvent: @escaping (Event) -> Void) {
        guard let address = SocketAddress(ip: node.place.host, port: node.place.port) else { return nil }
        self.node = node
        self.onEvent = onEvent
        stream = Stream(loop, connectingTo: address, timeout: .seconds(1))
        stream.onConnect = { [unowned self] in
            isConnected = true
            self.onEvent?(.connected)
        }
        stream.onRead = { [unowned self] in read($0) }
        stream.onClose = { [self] reason in
            let tell = self.onEvent
            self.onEvent = nil
            tell?(.lost("\(reason)"))
        }
    }

    func send(_ bytes: [UInt8]) { stream.write(bytes) }

    /// Nothing more is heard of it.
    func drop() {
        onEvent = nil
        stream.close()
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        reader.append(bytes)
        do throws(JSONFault) {
            if let answer = try reader.next() { onEvent?(.answer(answer)) }
        } catch {
            let tell = onEvent
            drop()
            tell?(.lost("no answer of a node: \(error.message)"))
        }
    }
}
