/// What a SWIM packet asks or answers, beside the rumors that ride on it.
package enum PacketMessage: Equatable, Sendable {
    /// Answer with `ack` and this sequence.
    case ping(sequence: UInt32)
    /// `node` answered the ping, or the request to ping, that had this sequence.
    case ack(sequence: UInt32, node: NodeID)
    /// Ping `target` and pass its answer on under this sequence; `nack` if there is none in time.
    case pingRequest(sequence: UInt32, target: NodeID)
    /// The target of that request did not answer, but who was asked is alive (Lifeguard, section IV.A).
    case nack(sequence: UInt32)
    /// Rumors only.
    case gossip

    /// Bytes that it takes on the wire.
    var byteCount: Int {
        switch self {
        case .ping, .nack: 5
        case .ack(_, let node): 5 + node.byteCount
        case .pingRequest(_, let target): 5 + target.byteCount
        case .gossip: 1
        }
    }
}

extension PacketMessage: WireFormat {
    /// The first byte of each message; on the wire: do not change them.
    private enum Kind: UInt8 {
        case ping = 1
        case ack = 2
        case pingRequest = 3
        case nack = 4
        case gossip = 5
    }

    package func write(to writer: inout ByteWriter) {
        switch self {
        case .ping(let sequence):
            writer.write(Kind.ping.rawValue)
            writer.write(sequence)
        case .ack(let sequence, let node):
            writer.write(Kind.ack.rawValue)
            writer.write(sequence)
            writer.write(node)
        case .pingRequest(let sequence, let target):
            writer.write(Kind.pingRequest.rawValue)
            writer.write(sequence)
            writer.write(target)
        case .nack(let sequence):
            writer.write(Kind.nack.rawValue)
            writer.write(sequence)
        case .gossip:
            writer.write(Kind.gossip.rawValue)
        }
    }

    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch Kind(rawValue: try reader.readUInt8()) {
        case .ping: self = .ping(sequence: try reader.readUInt32())
        case .ack: self = .ack(sequence: try reader.readUInt32(), node: try reader.read())
        case .pingRequest:
            self = .pingRequest(sequence: try reader.readUInt32(), target: try reader.read())
        case .nack: self = .nack(sequence: try reader.readUInt32())
        case .gossip: self = .gossip
        case nil: throw .invalid("message")
        }
    }
}
