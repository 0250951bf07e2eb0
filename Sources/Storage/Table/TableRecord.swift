import Cluster
import Protocol

/// What the table and the log can take up: an entry in the form that frames and the disk have too.
protocol TableRecord {
    /// What comes with the value.
    var recordBytes: Int { get }
    /// Writes exactly `recordBytes` bytes.
    func writeRecord(to start: UnsafeMutableRawPointer)
    /// The same with its value to be shared; nil: that is a small one.
    var largeRecord: LargeRecord? { get }
    var isLarge: Bool { get }
}

/// An entry with a large value, which is shared.
struct LargeRecord {
    let version: Version
    let timestamp: Timestamp
    let expiry: Timestamp?
    let content: Content

    var headBytes: Int { EntryHead(expires: expiry != nil, hasDigest: content.digest != nil).bytes }

    /// Writes exactly `headBytes` bytes.
    func writeHead(to start: UnsafeMutableRawPointer) {
        EntryHead.write(version, timestamp, expiry, content.digest, valueBytes: content.bytes.count, to: start)
    }
}

extension Entry: TableRecord {
    private var headBytes: Int { EntryHead(expires: expiry != nil, hasDigest: digest != nil).bytes }
    var recordBytes: Int { headBytes + value.count }

    func writeRecord(to start: UnsafeMutableRawPointer) {
        EntryHead.write(version, timestamp, expiry, digest, valueBytes: value.count, to: start)
        value.withUnsafeBytes { start.write($0, at: headBytes) }
    }

    var isLarge: Bool { value.count >= Limits.largeValueBytes }
    var largeRecord: LargeRecord? {
        guard isLarge else { return nil }
        return LargeRecord(version: version, timestamp: timestamp, expiry: expiry, content: content)
    }
}

extension PlainEntry: TableRecord {
    private var digest: ContentDigest? { large?.digest }
    @inline(__always)
    private var headBytes: Int {
        isLarge ? EntryHead(expires: false, hasDigest: true).bytes : EntryHead.bytesMin
    }
    @inline(__always)
    var recordBytes: Int { headBytes + value.count }

    @inline(__always)
    func writeRecord(to start: UnsafeMutableRawPointer) {
        EntryHead.write(version, timestamp, nil, digest, valueBytes: value.count, to: start)
        start.write(value, at: headBytes)
    }

    var largeRecord: LargeRecord? {
        large.map { LargeRecord(version: version, timestamp: timestamp, expiry: nil, content: .digested($0)) }
    }
}

extension EntryView: TableRecord {
    var isLarge: Bool { value.count >= Limits.largeValueBytes }
    var largeRecord: LargeRecord? {
        guard isLarge else { return nil }
        return LargeRecord(version: version, timestamp: timestamp, expiry: expiry, content: content)
    }
}

extension UnsafeMutableRawPointer {
    @inline(__always)
    fileprivate func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        if let base = bytes.baseAddress { (self + offset).copyMemory(from: base, byteCount: bytes.count) }
    }
}
