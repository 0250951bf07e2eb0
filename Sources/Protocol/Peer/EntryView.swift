/// One entry of an `EntryRun` or of a table, where it lies: valid only while that is.
package struct EntryView {
    package let key: UnsafeRawBufferPointer
    /// Version, time stamp, expiry, digest and value, as `Entry` is written; of a shared value no more than its length.
    @usableFromInline let record: UnsafeRawBufferPointer
    private let sharedValue: UnsafePointer<Content>?

    /// - Parameter record: of the form of an entry; nil where it is not exactly one.
    package init?(key: UnsafeRawBufferPointer, record: UnsafeRawBufferPointer) {
        guard EntryHead.recordBytes(record) == record.count else { return nil }
        self.init(key: key, wellFormed: record)
    }

    /// - Parameter record: known to be exactly an entry.
    package init(key: UnsafeRawBufferPointer, wellFormed record: UnsafeRawBufferPointer) {
        self.key = key
        self.record = record
        sharedValue = nil
    }

    /// - Parameter head: of an entry, as it is written, up to the length of the value.
    package init(key: UnsafeRawBufferPointer, head: UnsafeRawBufferPointer, value: UnsafePointer<Content>) {
        self.key = key
        record = head
        sharedValue = value
    }

    /// The bytes of the shortest.
    static let bytesMin = 25

    package var version: Version { Version(rawValue: record.littleEndian(at: 0)) }
    package var timestamp: Timestamp { Timestamp(milliseconds: record.littleEndian(at: 8)) }
    package var expiry: Timestamp? { head.expires ? Timestamp(milliseconds: record.littleEndian(at: EntryHead.expiryStart)) : nil }
    @inlinable package var digest: ContentDigest? {
        record[EntryHead.flagsPlace] & EntryHead.digestFlag == 0 ? nil : digestThere
    }
    @usableFromInline var digestThere: ContentDigest {
        ContentDigest(high: record.littleEndian(at: head.digestStart), low: record.littleEndian(at: head.digestStart + 8))
    }
    package var value: UnsafeRawBufferPointer {
        if let sharedValue { return Self.bytes(of: sharedValue) }
        return UnsafeRawBufferPointer(rebasing: record[head.bytes...])
    }
    @inline(never)
    private static func bytes(of value: UnsafePointer<Content>) -> UnsafeRawBufferPointer {
        value.pointee.bytes.withUnsafeBytes { $0 }
    }
    /// The value, where others may have it too; nil: to have it is to copy it.
    package var shared: [UInt8]? { sharedValue?.pointee.bytes }
    package var content: Content { sharedValue?.pointee ?? Content(Array(value), digest: digest) }
    package var entry: Entry { Entry(content, version: version, timestamp: timestamp, expiry: expiry) }

    private var head: EntryHead { EntryHead(flags: record[EntryHead.flagsPlace]) }

    // MARK: As it is written

    package var recordBytes: Int { record.count + (sharedValue?.pointee.bytes.count ?? 0) }
    /// What of it comes before the value.
    package var headBytes: Int { head.bytes }

    /// Writes exactly `headBytes` bytes.
    package func writeHead(to start: UnsafeMutableRawPointer) {
        if let base = record.baseAddress { start.copyMemory(from: base, byteCount: headBytes) }
    }

    /// Writes exactly `recordBytes` bytes.
    package func writeRecord(to start: UnsafeMutableRawPointer) {
        if let base = record.baseAddress { start.copyMemory(from: base, byteCount: record.count) }
        guard let value = shared else { return }
        value.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start + record.count, count: $0.count).copyMemory(from: $0) }
    }

    /// Calls `body` with the record in one piece.
    package func withRecord(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard sharedValue != nil else { return body(record) }
        withUnsafeTemporaryAllocation(byteCount: recordBytes, alignment: 1) { whole in
            if let base = whole.baseAddress { writeRecord(to: base) }
            body(UnsafeRawBufferPointer(whole))
        }
    }

    /// What begins at `offset`, which moves on to what follows; nil: that is no entry, or there is nothing.
    static func next(in buffer: UnsafeRawBufferPointer, at offset: inout Int) -> EntryView? {
        guard buffer.count - offset >= bytesMin else { return nil }
        let keyCount = Int(buffer.littleEndian(at: offset) as UInt32)
        let start = offset + 4 + keyCount
        guard keyCount <= Limits.keyBytesMax, start < buffer.count,
            let count = EntryHead.recordBytes(UnsafeRawBufferPointer(rebasing: buffer[start...]))
        else { return nil }
        defer { offset = start + count }
        return EntryView(
            key: UnsafeRawBufferPointer(rebasing: buffer[(offset + 4)..<start]),
            wellFormed: UnsafeRawBufferPointer(rebasing: buffer[start..<(start + count)]))
    }
}
