import Protocol
import UV

/// Asks a node who leads which slot. It speaks Redis's protocol on the same port as its own.
enum LayoutQuery {
    private static let patience = Duration.seconds(5)
    private static let question = Array("*2\r\n$7\r\nCLUSTER\r\n$5\r\nNODES\r\n".utf8)

    /// Asks the first one that is named. Runs the loop until the answer is there.
    static func ask(_ addresses: [SocketAddress], on loop: Loop) throws(BenchError) -> Layout {
        guard let address = addresses.first else { throw BenchError("-cluster: -server names no node") }
        switch answer(of: address, on: loop) {
        case .text(let text): return try Layout(nodes: text)
        case .refused(let words): throw BenchError("-cluster: \(address) does not answer CLUSTER NODES: \(words)")
        case .incomplete: throw BenchError("-cluster: no answer of \(address) to CLUSTER NODES within \(patience)")
        }
    }

    /// `incomplete`: none came in time.
    private static func answer(of address: SocketAddress, on loop: Loop) -> BulkReply.Outcome {
        var (reply, outcome) = (BulkReply(), BulkReply.Outcome.incomplete)
        var isOver = false
        func end() {
            isOver = true
            loop.stop()
        }
        let timer = Timer(loop, onFire: end)
        timer.start(after: patience)
        let stream = Stream(loop, connectingTo: address, timeout: patience)
        stream.onRead = { bytes in
            outcome = reply.append(bytes)
            if outcome != .incomplete { end() }
        }
        stream.onClose = { reason in
            if outcome == .incomplete, !isOver { outcome = .refused(reason.description) }
            end()
        }
        stream.write(question)
        while !isOver { loop.run() }
        timer.close()
        stream.onRead = nil
        stream.onClose = nil
        stream.close()
        return outcome
    }
}
