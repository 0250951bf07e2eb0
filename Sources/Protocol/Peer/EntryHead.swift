/// What comes before the value of an entry, as it is written:
///
///     0    version, 8 bytes
///     8    time stamp, 8
///     16   flags, 1: whether it expires, whether it has a digest
///     17   expiry, 8, if it does; digest, 16, if it has one; length of the value, 4
package struct EntryHead {
    @inlinable static var expiryFlag: UInt8 { 1 }
    @inlinable static var digestFlag: UInt8 { 2 }
    @inlinable static var flagsPlace: Int { 16 }
    @inlinable static var expiryStart: Int { 17 }

    /// Of one that neither expires nor has a digest.
    @inlinable package static var bytesMin: Int { 21 }

    private let flags: UInt8

    init(flags: UInt8) { self.flags = flags }

    /// - Parameter record: at least 17 bytes of it are there.
    package init(ofRecord record: UnsafeRawPointer) { self.init(flags: record.load(fromByteOffset: Self.flagsPlace, as: UInt8.self)) }

    package init(expires: Bool, hasDigest: Bool) {
        flags = (expires ? Self.expiryFlag : 0) | (hasDigest ? Self.digestFlag : 0)
    }

    var expires: Bool { flags & Self.expiryFlag != 0 }
    var hasDigest: Bool { flags & Self.digestFlag != 0 }
    var digestStart: Int { Self.expiryStart + (expires ? 8 : 0) }
    /// All of them.
    package var bytes: Int {
        // 8 for the one, 16 for the other: the second flag is 2.
        Self.bytesMin + 8 * Int(flags & (Self.expiryFlag | Self.digestFlag))
    }

    /// Writes exactly `bytes` bytes.
    @inlinable @inline(__always)
    package static func write(
        _ version: Version, _ timestamp: Timestamp, _ expiry: Timestamp?, _ digest: ContentDigest?, valueBytes: Int,
        to start: UnsafeMutableRawPointer
    ) {
        start.storeBytes(of: version.rawValue.littleEndian, as: UInt64.self)
        start.storeBytes(of: timestamp.milliseconds.littleEndian, toByteOffset: 8, as: UInt64.self)
        let flags = (expiry == nil ? 0 : expiryFlag) | (digest == nil ? 0 : digestFlag)
        start.storeBytes(of: flags, toByteOffset: flagsPlace, as: UInt8.self)
        var offset = expiryStart
        if let expiry {
            start.storeBytes(of: expiry.milliseconds.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        if let digest {
            start.storeBytes(of: digest.high.littleEndian, toByteOffset: offset, as: UInt64.self)
            start.storeBytes(of: digest.low.littleEndian, toByteOffset: offset + 8, as: UInt64.self)
            offset += 16
        }
        start.storeBytes(of: UInt32(valueBytes).littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// How many bytes the entry takes with which `bytes` begin; nil: they begin with none.
    static func recordBytes(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count > flagsPlace, bytes[flagsPlace] <= expiryFlag | digestFlag else { return nil }
        let start = EntryHead(flags: bytes[flagsPlace]).bytes
        guard bytes.count >= start else { return nil }
        let valueCount = Int(bytes.littleEndian(at: start - 4) as UInt32)
        guard valueCount <= Limits.valueBytesMax, bytes.count - start >= valueCount else { return nil }
        return start + valueCount
    }
}

/// The flags alone.
extension EntryHead: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(flags) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        flags = try reader.readUInt8()
        guard flags <= Self.expiryFlag | Self.digestFlag else { throw .invalid("entry") }
    }
}

extension UnsafeRawBufferPointer {
    func littleEndian<Integer: FixedWidthInteger>(at offset: Int) -> Integer {
        Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }
}
