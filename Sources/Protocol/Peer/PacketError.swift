/// Why a SWIM packet is dropped.
package enum PacketError: Error, Equatable, Sendable {
    /// Longer than `Limits.packetBytesMax`.
    case oversized
    /// It does not begin as a packet does.
    case notAPacket
    /// From a version of the format that this node does not speak.
    case unknownVersion(UInt8)
    /// The checksum differs: cut off or changed on the way.
    case damaged
    /// From another ring.
    case foreignRing(RingID)
    /// A field does not decode, or bytes are left over.
    case malformed(DecodeError)
}
