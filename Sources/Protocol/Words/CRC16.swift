/// CRC16 in the XMODEM variant: polynomial 0x1021, initial value 0, nothing reflected, no final XOR.
/// Source: the Redis Cluster specification, appendix A; check value of "123456789" is 0x31C3.
enum CRC16 {
    /// What each byte adds, with none, one, two and three bytes behind it: so four are taken in one step.
    private static let tables: [UInt16] = {
        var tables = (0..<256).map { byte in
            (0..<8).reduce(UInt16(byte) << 8) { crc, _ in
                crc & 0x8000 != 0 ? (crc << 1) ^ 0x1021 : crc << 1
            }
        }
        for index in 0..<768 { tables.append((tables[index] << 8) ^ tables[Int(tables[index] >> 8)]) }
        return tables
    }()

    static func xmodem(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        tables.withUnsafeBufferPointer { tables in
            var crc: UInt16 = 0
            var index = 0
            while index + 4 <= bytes.count {
                let four = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self)) ^ UInt32(crc) << 16
                crc =
                    tables[768 + Int(four >> 24)] ^ tables[512 + Int(four >> 16 & 0xFF)]
                    ^ tables[256 + Int(four >> 8 & 0xFF)] ^ tables[Int(four & 0xFF)]
                index += 4
            }
            while index < bytes.count {
                crc = (crc << 8) ^ tables[Int(UInt8(truncatingIfNeeded: crc >> 8) ^ bytes[index])]
                index += 1
            }
            return crc
        }
    }
}
