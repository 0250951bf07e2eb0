import Cluster
import Protocol
import UV

/// Who is told what happens on a link.
protocol PeerLinkOwner: AnyObject {
    var now: Instant { get }
    /// The other side introduces itself; answer with `PeerLink.answer`.
    func link(_ link: PeerLink, received hello: Hello)
    func link(_ link: PeerLink, received welcome: Welcome)
    func link(_ link: PeerLink, received message: PeerMessage)
    /// Last word. `fault`: what the other side did wrong.
    func link(_ link: PeerLink, closed reason: CloseReason, fault: String?)
}

/// One connection to another node: a handshake, then frames of messages both ways.
///
///     handshaking ── Welcome.accepted ──▶ open ──▶ closed
///         └──────── refusal, time-out, nonsense ─────▲
///
/// A frame is a length of 32 bits and messages one after another. What is sent in a turn leaves in one write
/// at its end.
final class PeerLink {
    enum Phase { case handshaking, open, closed }

    /// A frame is closed when it has grown to this size, so that the other side can begin with it.
    private static let frameBytesWanted = 1024 * 1024

    private(set) var phase = Phase.handshaking
    let stream: Stream
    /// Which side made the connection.
    let isDialled: Bool
    /// Whom it was made to reach; nil: whoever answers.
    let intended: NodeID?
    /// Who is at the other end, once the handshake is done.
    private(set) var peer: RingRecord?
    /// The incarnation that this side introduced itself with; nil: it did not.
    private(set) var ownIncarnation: UInt64?
    let begunAt: Instant
    private(set) var lastHeard: Instant
    private(set) var lastSent: Instant

    private unowned let owner: any PeerLinkOwner
    private var input: [UInt8] = []
    private var output = ByteWriter()
    /// Where the length of the frame that is being filled stands.
    private var frameStart: Int?
    private var fault: String?

    /// Takes over a stream: one that is connecting, or an accepted one that has already said `firstBytes`.
    init(
        stream: Stream, isDialled: Bool, intended: NodeID?, firstBytes: [UInt8], owner: any PeerLinkOwner
    ) {
        self.stream = stream
        self.isDialled = isDialled
        self.intended = intended
        self.owner = owner
        begunAt = owner.now
        lastHeard = owner.now
        lastSent = owner.now
        input = firstBytes
        stream.onRead = { [self] bytes in take(bytes) }
        stream.onClose = { [self] reason in closed(reason) }
    }

    // MARK: Handshake

    func introduce(_ hello: Hello) {
        ownIncarnation = hello.record.incarnation
        var writer = ByteWriter()
        writer.write(Hello.magic)
        writer.writeFramed(hello)
        stream.write(writer.bytes)
    }

    /// Looks at what had arrived before the link took over.
    func begin() { consume() }

    /// Answers the other side's introduction; a refusal ends the link.
    func answer(_ welcome: Welcome, to record: RingRecord?) {
        var writer = ByteWriter()
        writer.writeFramed(welcome)
        stream.write(writer.bytes)
        if case .accepted = welcome, let record {
            open(with: record)
        } else {
            phase = .closed
            stream.shutdownAfterWrites()
        }
    }

    func open(with record: RingRecord) {
        guard phase == .handshaking else { return }
        peer = record
        phase = .open
    }

    // MARK: Sending

    /// Bytes that wait for the system to take them.
    var unsentBytes: Int { output.count + stream.writeQueueBytes }

    func send(_ message: PeerMessage) {
        guard phase == .open else { return }
        if let start = frameStart, output.count - start > PeerLink.frameBytesWanted { endFrame() }
        if frameStart == nil {
            frameStart = output.count
            output.write(UInt32(0))
        }
        output.write(message)
    }

    /// Hands all that was sent in this turn to the system.
    func flush() {
        guard output.count > 0 else { return }
        endFrame()
        lastSent = owner.now
        stream.write(output.bytes)
        output.removeAll(keepingCapacity: output.count <= PeerLink.frameBytesWanted)
    }

    private func endFrame() {
        guard let start = frameStart else { return }
        output.patch(UInt32(output.count - start - 4), at: start)
        frameStart = nil
    }

    /// Ends the link without a further word to its owner.
    func abandon() {
        phase = .closed
        stream.close()
    }

    /// Ends the link because of what the other side did; the owner hears of it.
    func close(fault: String) {
        guard phase != .closed else { return }
        self.fault = self.fault ?? fault
        stream.close()
    }

    // MARK: Receiving

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard phase != .closed, fault == nil else { return }
        lastHeard = owner.now
        input.append(contentsOf: bytes)
        consume()
    }

    private func consume() {
        var offset = 0
        do throws(LinkFault) {
            while let range = try nextPiece(from: offset) {
                offset = range.upperBound
                do throws(DecodeError) { try receive(range) } catch { throw LinkFault("\(error)") }
                guard phase != .closed, fault == nil else { return input.removeAll() }
            }
        } catch {
            input.removeAll()
            return close(fault: error.text)
        }
        if offset == input.count {
            input.removeAll(keepingCapacity: input.count <= PeerLink.frameBytesWanted)
        } else if offset > 0 {
            input.removeFirst(offset)
        }
    }

    private struct LinkFault: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }

    /// The bytes of the next introduction or frame, when it is there whole.
    private func nextPiece(from offset: Int) throws(LinkFault) -> Range<Int>? {
        let isHello = phase == .handshaking && !isDialled
        let start = offset + (isHello ? 1 : 0)
        guard input.count >= start + 4 else { return nil }
        if isHello, input[offset] != Hello.magic { throw LinkFault("not a node") }
        let length = (0..<4).reduce(0) { $0 | Int(input[start + $1]) << (8 * $1) }
        let most = phase == .handshaking ? Hello.bytesMax : Limits.frameBytesMax
        guard length <= most else { throw LinkFault("a frame of \(length) bytes, over \(most)") }
        guard input.count >= start + 4 + length else { return nil }
        return (start + 4)..<(start + 4 + length)
    }

    private func receive(_ range: Range<Int>) throws(DecodeError) {
        var reader = ByteReader(input, in: range)
        switch phase {
        case .closed: return
        case .open:
            while !reader.isAtEnd, phase == .open, fault == nil {
                let message: PeerMessage = try reader.read()
                owner.link(self, received: message)
            }
        case .handshaking where isDialled:
            owner.link(self, received: try reader.read() as Welcome)
        case .handshaking:
            do throws(DecodeError) {
                owner.link(self, received: try reader.read() as Hello)
            } catch {
                let reason = "this node speaks version \(Hello.protocolVersion) of the protocol, but: \(error)"
                answer(.refused(reason: reason, isFinal: true), to: nil)
                owner.link(self, closed: .local, fault: "\(error)")
            }
        }
    }

    private func closed(_ reason: CloseReason) {
        guard phase != .closed else { return }
        phase = .closed
        owner.link(self, closed: reason, fault: fault)
    }
}

extension ByteWriter {
    /// A length of 32 bits, then the value.
    fileprivate mutating func writeFramed(_ value: some WireFormat) {
        let start = count
        write(UInt32(0))
        write(value)
        patch(UInt32(count - start - 4), at: start)
    }
}
