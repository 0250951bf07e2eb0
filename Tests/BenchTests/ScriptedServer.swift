import Protocol
import UV
import XCTest

/// A server of Redis's protocol whose replies the test makes.
final class ScriptedServer {
    /// Words of a command to the bytes of its reply; nil closes the connection.
    typealias Answer = ([String]) -> String?

    private let listener: Listener
    private let answer: Answer
    private let isReady: () -> Bool
    private let timer: UV.Timer
    private var waiting: [() -> Void] = []

    /// - Parameter isReady: as long as it is not, replies wait.
    init(_ loop: Loop, _ answer: @escaping Answer, isReady: @escaping () -> Bool = { true }) throws {
        listener = try Listener(loop, on: XCTUnwrap(SocketAddress(ip: "127.0.0.1", port: 0)))
        self.answer = answer
        self.isReady = isReady
        var look: () -> Void = {}
        timer = UV.Timer(loop) { look() }
        listener.onConnection = { [unowned self] in serve($0) }
        look = { [unowned self] in replyIfReady() }
        timer.start(after: .zero, every: .milliseconds(1))
    }

    deinit {
        listener.close()
        timer.close()
    }

    /// Nobody can connect any more.
    func close() { listener.close() }

    var address: SocketAddress { listener.address }

    private func serve(_ stream: UV.Stream) {
        let reader = RESPReader()
        stream.onRead = { [unowned self, unowned stream] bytes in
            reader.append(bytes)
            while let command = try? reader.next() {
                let words = (0..<command.count).map { String(decoding: command[$0], as: UTF8.self) }
                waiting.append { [weak self, weak stream] in
                    guard let reply = self?.answer(words) else { return stream?.close() ?? () }
                    stream?.write(Array(reply.utf8))
                }
            }
            replyIfReady()
        }
    }

    private func replyIfReady() {
        guard !waiting.isEmpty, isReady() else { return }
        let due = waiting
        waiting = []
        for reply in due { reply() }
    }
}
