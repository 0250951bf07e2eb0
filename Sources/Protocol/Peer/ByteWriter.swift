/// Appends the fixed-width and length-prefixed pieces that frames, packets and stored records are made of.
/// Integers are little endian.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}
    package init(reserving capacity: Int) { bytes.reserveCapacity(capacity) }

    package var count: Int { bytes.count }

    package mutating func write(_ value: UInt8) { bytes.append(value) }
    package mutating func write(_ value: Bool) { bytes.append(value ? 1 : 0) }
    package mutating func write(_ value: UInt16) { writeLittleEndian(value) }
    package mutating func write(_ value: UInt32) { writeLittleEndian(value) }
    package mutating func write(_ value: UInt64) { writeLittleEndian(value) }

    /// A length of 32 bits, then the bytes.
    package mutating func write(_ value: [UInt8]) {
        write(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    /// A length of 32 bits, then UTF-8.
    package mutating func write(_ value: String) {
        write(UInt32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    /// The bytes as they are, without a length.
    package mutating func writeRaw(_ value: [UInt8]) { bytes.append(contentsOf: value) }

    /// Overwrites the 32 bits at `offset`: for a length that is known only after what it counts.
    package mutating func patch(_ value: UInt32, at offset: Int) {
        withUnsafeBytes(of: value.littleEndian) { source in
            for index in 0..<4 { bytes[offset + index] = source[index] }
        }
    }

    package mutating func removeAll(keepingCapacity: Bool) {
        bytes.removeAll(keepingCapacity: keepingCapacity)
    }

    private mutating func writeLittleEndian<Integer: FixedWidthInteger>(_ value: Integer) {
        bytes.append(upTo: MemoryLayout<Integer>.size) { start in
            UnsafeMutableRawPointer(start).storeBytes(of: value.littleEndian, as: Integer.self)
            return MemoryLayout<Integer>.size
        }
    }
}
