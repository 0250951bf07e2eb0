/// One entry of an `EntryRun`, where it lies: valid only while that is.
package struct EntryView {
    package let key: UnsafeRawBufferPointer
    /// Version, time stamp, expiry and value, as `Entry` is written.
    package let record: UnsafeRawBufferPointer

    /// - Parameter record: of the form of an entry; nil where it is not exactly one.
    package init?(key: UnsafeRawBufferPointer, record: UnsafeRawBufferPointer) {
        guard Self.valueBytes(ofRecord: record) != nil else { return nil }
        self.init(key: key, wellFormed: record)
    }

    /// - Parameter record: known to be exactly an entry.
    package init(key: UnsafeRawBufferPointer, wellFormed record: UnsafeRawBufferPointer) {
        self.key = key
        self.record = record
    }

    /// The bytes of the shortest.
    static let bytesMin = 25
    /// Version and time stamp, before the expiry.
    private static let headBytes = 16

    package var version: Version { Version(rawValue: record.littleEndian(at: 0)) }
    package var timestamp: Timestamp { Timestamp(milliseconds: record.littleEndian(at: 8)) }
    package var expiry: Timestamp? {
        record[Self.headBytes] == 0 ? nil : Timestamp(milliseconds: record.littleEndian(at: Self.headBytes + 1))
    }
    package var value: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: record[Self.valueStart(expires: record[Self.headBytes])...])
    }
    package var entry: Entry { Entry(value: Array(value), version: version, timestamp: timestamp, expiry: expiry) }

    /// - Parameter expires: the byte that says whether there is an expiry.
    private static func valueStart(expires: UInt8) -> Int { headBytes + 1 + (expires == 0 ? 0 : 8) + 4 }

    /// What begins at `offset`, which moves on to what follows; nil: that is no entry, or there is nothing.
    static func next(in buffer: UnsafeRawBufferPointer, at offset: inout Int) -> EntryView? {
        guard buffer.count - offset >= bytesMin else { return nil }
        let keyCount = Int(buffer.littleEndian(at: offset) as UInt32)
        let start = offset + 4 + keyCount
        guard keyCount <= Limits.keyBytesMax, start < buffer.count,
            let count = recordBytes(UnsafeRawBufferPointer(rebasing: buffer[start...]))
        else { return nil }
        defer { offset = start + count }
        return EntryView(
            key: UnsafeRawBufferPointer(rebasing: buffer[(offset + 4)..<start]),
            wellFormed: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)]))
    }

    /// How many bytes its value has; nil: these bytes are not exactly an entry.
    static func valueBytes(ofRecord bytes: UnsafeRawBufferPointer) -> Int? {
        recordBytes(bytes) == bytes.count ? bytes.count - valueStart(expires: bytes[headBytes]) : nil
    }

    /// How many bytes the entry takes with which `bytes` begin; nil: they begin with none.
    private static func recordBytes(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard bytes.count > headBytes, bytes[headBytes] <= 1 else { return nil }
        let start = valueStart(expires: bytes[headBytes])
        guard bytes.count >= start else { return nil }
        let valueCount = Int(bytes.littleEndian(at: start - 4) as UInt32)
        guard valueCount <= Limits.valueBytesMax, bytes.count - start >= valueCount else { return nil }
        return start + valueCount
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func littleEndian<Integer: FixedWidthInteger>(at offset: Int) -> Integer {
        Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: Integer.self))
    }
}
