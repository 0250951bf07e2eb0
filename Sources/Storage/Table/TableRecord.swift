import Protocol

/// What the table can take up: an entry in the form that frames and the disk have too (`EntryView.record`).
protocol TableRecord {
    var recordBytes: Int { get }
    /// Writes exactly `recordBytes` bytes.
    func writeRecord(to start: UnsafeMutableRawPointer)
}

extension Entry: TableRecord {
    var recordBytes: Int { 21 + (expiry == nil ? 0 : 8) + value.count }

    func writeRecord(to start: UnsafeMutableRawPointer) {
        start.storeBytes(of: version.rawValue.littleEndian, as: UInt64.self)
        start.storeBytes(of: timestamp.milliseconds.littleEndian, toByteOffset: 8, as: UInt64.self)
        start.storeBytes(of: expiry == nil ? 0 : 1, toByteOffset: 16, as: UInt8.self)
        var offset = 17
        if let expiry {
            start.storeBytes(of: expiry.milliseconds.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        start.storeBytes(of: UInt32(value.count).littleEndian, toByteOffset: offset, as: UInt32.self)
        value.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { (start + offset + 4).copyMemory(from: base, byteCount: bytes.count) }
        }
    }
}

extension EntryView: TableRecord {
    var recordBytes: Int { record.count }

    func writeRecord(to start: UnsafeMutableRawPointer) {
        if let base = record.baseAddress { start.copyMemory(from: base, byteCount: record.count) }
    }
}
