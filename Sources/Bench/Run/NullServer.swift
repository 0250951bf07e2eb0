import Protocol
import UV

/// Answers every command of Redis's protocol at once and does nothing: what the generator makes of it is what the generator
/// can do. What begins with G, as GET, is answered with a value, all else with OK.
package final class NullServer {
    private let listener: Listener
    private let value: [UInt8]

    /// - Parameter valueSize: bytes of the value that it answers with.
    package init(_ loop: Loop, on address: SocketAddress, valueSize: Int) throws(IOError) {
        listener = try Listener(loop, on: address)
        value = Array("$\(valueSize)\r\n".utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: valueSize) + Array("\r\n".utf8)
        listener.onConnection = { [unowned self] stream in serve(stream) }
    }

    /// Where it listens.
    package var address: SocketAddress { listener.address }

    package func close() { listener.close() }

    private func serve(_ stream: UV.Stream) {
        let conversation = NullConversation(stream, value: value)
        stream.onRead = { bytes in conversation.onRead(bytes) }
    }
}

private final class NullConversation {
    private unowned let stream: UV.Stream
    private let value: [UInt8]
    private var scanner = RESPScanner()
    private var output = OutputBuffer(capacity: 65_536)

    init(_ stream: UV.Stream, value: [UInt8]) {
        self.stream = stream
        self.value = value
    }

    func onRead(_ bytes: UnsafeRawBufferPointer) {
        var at = 0
        while scanner.next(bytes, &at) != nil {
            if scanner.firstByte == UInt8(ascii: "G") {
                value.withUnsafeBytes { output.append($0) }
            } else {
                output.append("+OK\r\n")
            }
        }
        if !output.isEmpty { stream.write(output.bytes) }
        output.removeAll()
        if scanner.complaint != nil { stream.close() }
    }
}
