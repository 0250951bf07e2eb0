import Cluster
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
        value.withUnsafeBytes { start.writeRecord(version, timestamp, expiry, $0) }
    }
}

extension PlainEntry: TableRecord {
    var recordBytes: Int { 21 + value.count }

    func writeRecord(to start: UnsafeMutableRawPointer) { start.writeRecord(version, timestamp, nil, value) }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate func writeRecord(
        _ version: Version, _ timestamp: Timestamp, _ expiry: Timestamp?, _ value: UnsafeRawBufferPointer
    ) {
        storeBytes(of: version.rawValue.littleEndian, as: UInt64.self)
        storeBytes(of: timestamp.milliseconds.littleEndian, toByteOffset: 8, as: UInt64.self)
        storeBytes(of: expiry == nil ? 0 : 1, toByteOffset: 16, as: UInt8.self)
        var offset = 17
        if let expiry {
            storeBytes(of: expiry.milliseconds.littleEndian, toByteOffset: offset, as: UInt64.self)
            offset += 8
        }
        storeBytes(of: UInt32(value.count).littleEndian, toByteOffset: offset, as: UInt32.self)
        if let base = value.baseAddress { (self + offset + 4).copyMemory(from: base, byteCount: value.count) }
    }
}

extension EntryView: TableRecord {
    var recordBytes: Int { record.count }

    func writeRecord(to start: UnsafeMutableRawPointer) {
        if let base = record.baseAddress { start.copyMemory(from: base, byteCount: record.count) }
    }
}
