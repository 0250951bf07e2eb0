/// CRC-32C (Castagnoli): polynomial 0x1EDC6F41, reflected, initial value and final XOR all ones. Source:
/// RFC 3720, appendix B.4; check value of "123456789" is 0xE3069283.
///
/// UDP's own checksum has 16 bits and is optional; a changed incarnation that got through would stay in
/// the ring for ever.
enum PacketChecksum {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { crc, _ in
            crc & 1 != 0 ? (crc >> 1) ^ 0x82F6_3B78 : crc >> 1
        }
    }

    static func crc32c(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let table = table
        var crc: UInt32 = ~0
        for byte in bytes {
            crc = (crc >> 8) ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
        }
        return ~crc
    }
}
