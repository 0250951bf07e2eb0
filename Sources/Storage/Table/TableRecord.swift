import Cluster
import Protocol

/// What the table and the log can take up: an entry in the form that frames and the disk have too.
protocol TableRecord {
    /// What comes before the value.
    var headBytes: Int { get }
    /// What comes with the value.
    var recordBytes: Int { get }
    /// Writes exactly `headBytes` bytes.
    func writeHead(to start: UnsafeMutableRawPointer)
    /// Writes exactly `recordBytes` bytes.
    func writeRecord(to start: UnsafeMutableRawPointer)
    /// The value of a large one, with a copy only where there is no other way.
    var sharedValue: [UInt8] { get }
}

extension TableRecord {
    var isLarge: Bool { recordBytes - headBytes >= Limits.largeValueBytes }
}

extension Entry: TableRecord {
    var headBytes: Int { EntryHead(expires: expiry != nil, hasDigest: digest != nil).bytes }
    var recordBytes: Int { headBytes + value.count }
    var sharedValue: [UInt8] { value }

    func writeHead(to start: UnsafeMutableRawPointer) {
        EntryHead.write(version, timestamp, expiry, digest, valueBytes: value.count, to: start)
    }

    func writeRecord(to start: UnsafeMutableRawPointer) {
        writeHead(to: start)
        value.withUnsafeBytes { start.write($0, at: headBytes) }
    }
}

extension PlainEntry: TableRecord {
    var headBytes: Int { EntryHead(expires: false, hasDigest: digest != nil).bytes }
    var recordBytes: Int { headBytes + value.count }
    var sharedValue: [UInt8] { shared ?? Array(value) }

    func writeHead(to start: UnsafeMutableRawPointer) {
        EntryHead.write(version, timestamp, nil, digest, valueBytes: value.count, to: start)
    }

    func writeRecord(to start: UnsafeMutableRawPointer) {
        writeHead(to: start)
        start.write(value, at: headBytes)
    }
}

extension EntryView: TableRecord {
    var sharedValue: [UInt8] { shared ?? Array(value) }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        if let base = bytes.baseAddress { (self + offset).copyMemory(from: base, byteCount: bytes.count) }
    }
}
