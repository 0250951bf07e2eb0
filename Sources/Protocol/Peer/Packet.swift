/// One UDP packet of the failure detector and of gossip.
///
///     magic 4 · version 1 · ring id 8 · sender's record · message · count of rumors 4 · rumors · CRC-32C 4
///
/// The checksum is over all bytes before it. Magic, version and the place of the ring id stay where they
/// are in every version. The sender's whole record is in every packet, so whoever hears a node knows its
/// address, disk, incarnation and status first-hand.
package struct Packet: Equatable, Sendable {
    /// "TSWM", little endian.
    private static let magic: UInt32 = 0x4D57_5354
    private static let version: UInt8 = 1
    private static let prefixBytes = 4 + 1 + 8
    private static let rumorCountBytes = 4
    private static let checksumBytes = 4
    /// A record with one-letter id, empty host and zone, and a liveness.
    private static let rumorBytesMin = 35

    package let ring: RingID
    package let sender: RingRecord
    package let message: PacketMessage
    package let rumors: [Rumor]

    package init(ring: RingID, sender: RingRecord, message: PacketMessage, rumors: [Rumor]) {
        self.ring = ring
        self.sender = sender
        self.message = message
        self.rumors = rumors
    }

    /// How many bytes of rumors fit beside `sender` and `message` into `Limits.packetBytesMax`.
    package static func rumorBytesMax(sender: RingRecord, message: PacketMessage) -> Int {
        Limits.packetBytesMax - prefixBytes - sender.byteCount - message.byteCount
            - rumorCountBytes - checksumBytes
    }

    package func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: Limits.packetBytesMax)
        writer.write(Packet.magic)
        writer.write(Packet.version)
        writer.write(ring.rawValue)
        writer.write(sender)
        writer.write(message)
        writer.write(rumors)
        writer.write(PacketChecksum.crc32c(writer.bytes[...]))
        return writer.bytes
    }

    /// - Parameter ring: packets of any other ring are refused.
    package static func decode(_ bytes: [UInt8], ring: RingID) throws(PacketError) -> Packet {
        guard bytes.count <= Limits.packetBytesMax else { throw .oversized }
        let end = bytes.count - checksumBytes
        guard end >= prefixBytes else { throw .notAPacket }
        var reader = ByteReader(bytes, in: 0..<end)
        let prefix: (magic: UInt32, version: UInt8, ring: RingID)
        let packet: Packet
        do throws(DecodeError) {
            prefix = (
                try reader.readUInt32(), try reader.readUInt8(), RingID(rawValue: try reader.readUInt64())
            )
        } catch { throw .malformed(error) }
        guard prefix.magic == magic else { throw .notAPacket }
        guard prefix.version == version else { throw .unknownVersion(prefix.version) }
        guard checksum(endOf: bytes) == PacketChecksum.crc32c(bytes[..<end]) else { throw .damaged }
        guard prefix.ring == ring else { throw .foreignRing(prefix.ring) }
        do throws(DecodeError) {
            packet = try Packet(ring: ring, bodyFrom: &reader)
        } catch { throw .malformed(error) }
        return packet
    }

    private init(ring: RingID, bodyFrom reader: inout ByteReader) throws(DecodeError) {
        self.init(
            ring: ring, sender: try reader.read(), message: try reader.read(),
            rumors: try reader.readArray(elementBytesMin: Packet.rumorBytesMin))
        guard reader.isAtEnd else { throw .invalid("bytes left over") }
    }

    private static func checksum(endOf bytes: [UInt8]) -> UInt32 {
        bytes.suffix(checksumBytes).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
