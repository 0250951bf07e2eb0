/// The first thing on a connection between two nodes, from the one that dialled.
///
/// On the wire: `magic`, the length of the rest (32 bits), then the fields. The version comes first, so
/// that a node can refuse a later one in words.
package struct Hello: Equatable, Sendable {
    /// No JSON, RESP or HTTP connection begins with it, and it is no UTF-8.
    package static let magic: UInt8 = 0xF5
    package static let protocolVersion: UInt16 = 6
    package static let bytesMax = 4 * 1024

    package let version: UInt16
    /// Optional abilities, none yet.
    package let features: UInt64
    /// Nil: the sender has no ring yet and wants to join this one.
    package let ring: RingID?
    package let replicas: UInt8
    /// Who is dialling.
    package let record: RingRecord
    /// Nil: whoever answers.
    package let dialled: NodeID?

    package init(
        version: UInt16 = Hello.protocolVersion, features: UInt64 = 0, ring: RingID?, replicas: UInt8,
        record: RingRecord, dialled: NodeID?
    ) {
        self.version = version
        self.features = features
        self.ring = ring
        self.replicas = replicas
        self.record = record
        self.dialled = dialled
    }
}

extension Hello: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(version)
        writer.write(features)
        writer.write(ring?.rawValue ?? 0)
        writer.write(replicas)
        writer.write(record)
        writer.write(dialled)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let version = try reader.readUInt16()
        guard version == Hello.protocolVersion else { throw .invalid("protocol version \(version)") }
        let features = try reader.readUInt64()
        let ring = try reader.readUInt64()
        let replicas = try reader.readUInt8()
        let record: RingRecord = try reader.read()
        self.init(
            version: version, features: features, ring: ring == 0 ? nil : RingID(rawValue: ring),
            replicas: replicas, record: record, dialled: try reader.readOptional())
    }
}

/// The answer to `Hello`.
package enum Welcome: Equatable, Sendable {
    /// The connection carries frames from now on.
    case accepted(ring: RingID, replicas: UInt8, record: RingRecord)
    /// In words, for the operator of the other node; `isFinal`: trying again will not help.
    case refused(reason: String, isFinal: Bool)
}

extension Welcome: WireFormat {
    private static let reasonBytesMax = 1_024

    package func write(to writer: inout ByteWriter) {
        switch self {
        case .accepted(let ring, let replicas, let record):
            writer.write(UInt8(1))
            writer.write(Hello.protocolVersion)
            writer.write(ring.rawValue)
            writer.write(replicas)
            writer.write(record)
        case .refused(let reason, let isFinal):
            writer.write(UInt8(2))
            writer.write(reason)
            writer.write(isFinal)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1:
            _ = try reader.readUInt16()
            let ring = RingID(rawValue: try reader.readUInt64())
            let replicas = try reader.readUInt8()
            self = .accepted(ring: ring, replicas: replicas, record: try reader.read())
        case 2:
            let reason = try reader.readString(max: Welcome.reasonBytesMax)
            self = .refused(reason: reason, isFinal: try reader.readBool())
        default: throw .invalid("answer")
        }
    }
}
