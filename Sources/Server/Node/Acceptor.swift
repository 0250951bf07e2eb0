import Protocol
import UV

/// Finds out what each new connection speaks and hands it on.
///
/// A connection that has said nothing may stay silent, while there is room for it: beyond `silentMax` of them the one that
/// has been silent for the longest time makes room for the next, so that silence keeps nobody out. One that has said a part
/// of something must go on within `decisionTime`.
final class Acceptor {
    private static let decisionTime = Duration.seconds(10)
    /// So many may be silent whoever else is there.
    static let silentMin = 4_096

    private let loop: Loop
    private let listener: Listener
    private let onKnown: (Stream, [UInt8], ProtocolKind) -> Void
    /// How many clients may still come.
    private let clientsToCome: () -> Int
    private let silentMin: Int
    /// By the number of their coming.
    private var undecided: [UInt64: Stream] = [:]
    private var nextNumber: UInt64 = 0
    /// None before it is undecided.
    private var oldest: UInt64 = 0

    /// - Parameters:
    ///   - clientsToCome: for how many clients more there is room: so many connections may be silent, for a program may open
    ///     all that it will need before it uses the first.
    ///   - onKnown: takes the stream over, with what has been read of it.
    init(
        _ loop: Loop, _ listener: Listener, log: Logger, silentMin: Int = Acceptor.silentMin,
        clientsToCome: @escaping () -> Int, onKnown: @escaping (Stream, [UInt8], ProtocolKind) -> Void
    ) {
        self.clientsToCome = clientsToCome
        self.silentMin = silentMin
        self.loop = loop
        self.listener = listener
        self.onKnown = onKnown
        listener.onConnection = { [unowned self] in listen(to: $0) }
        listener.onFailure = { error in log.warning("\(error)") }
    }

    func close() { listener.close() }

    private func listen(to stream: Stream) {
        if undecided.count >= silentMax { closeOldest() }
        let number = nextNumber
        nextNumber += 1
        undecided[number] = stream
        let deadline = Timer(loop) { [unowned stream] in stream.close() }
        var first: [UInt8] = []
        stream.onClose = { [unowned self] _ in
            undecided[number] = nil
            deadline.close()
        }
        stream.onRead = { [unowned self, unowned stream] bytes in
            if first.isEmpty { deadline.start(after: Acceptor.decisionTime) }
            first.append(contentsOf: bytes)
            switch ProtocolSniffer.sniff(first) {
            case .undecided: break
            case .unknown: stream.close()
            case .known(let kind):
                undecided[number] = nil
                deadline.close()
                let read = first
                stream.onClose = nil
                stream.onRead = nil
                onKnown(stream, read, kind)
            }
        }
    }

    private var silentMax: Int { max(silentMin, clientsToCome()) }

    private func closeOldest() {
        while oldest < nextNumber {
            defer { oldest += 1 }
            if let stream = undecided.removeValue(forKey: oldest) { return stream.close() }
        }
    }
}
