/// CRC16 in the XMODEM variant: polynomial 0x1021, initial value 0, nothing reflected, no final XOR.
/// Source: the Redis Cluster specification, appendix A; check value of "123456789" is 0x31C3.
enum CRC16 {
    private static let table: [UInt16] = (0..<256).map { byte in
        (0..<8).reduce(UInt16(byte) << 8) { crc, _ in
            crc & 0x8000 != 0 ? (crc << 1) ^ 0x1021 : crc << 1
        }
    }

    static func xmodem(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        let table = table.span
        var crc: UInt16 = 0
        for byte in bytes { crc = (crc << 8) ^ table[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ byte)] }
        return crc
    }
}
