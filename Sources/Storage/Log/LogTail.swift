/// Reads the log behind the one who writes it, batch by batch.
struct LogTail {
    private let log: Log
    /// The last batch that was read.
    private(set) var last: UInt64
    /// Where the next one is.
    private var segment: UInt64
    private var offset = LogSegment.headBytes

    /// Begins behind batch `last`.
    init(_ log: Log, behind last: UInt64) {
        self.log = log
        self.last = last
        segment = log.segment(of: last + 1)
    }

    /// Calls `each` with the next batches, not beyond `sequence`, which must be written whole, nor beyond a segment.
    mutating func read(
        upTo sequence: UInt64, _ each: (UInt64, [UInt8], Range<Int>) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        guard last < sequence else { return }
        let before = last
        try readSegment(upTo: sequence, each)
        guard last < sequence else { return }
        // The rest is in the next one, which bears the name of the next batch.
        guard last > before || segment != last + 1 else {
            throw .damaged(file: log.path(first: segment), offset: offset, "batch \(last + 1) of the log")
        }
        segment = last + 1
        offset = LogSegment.headBytes
    }

    private mutating func readSegment(
        upTo sequence: UInt64, _ each: (UInt64, [UInt8], Range<Int>) throws(StorageFailure) -> Void
    ) throws(StorageFailure) {
        let path = log.path(first: segment)
        let head: LogSegment?
        let bytes: [UInt8]
        do throws(FileSystem.Failure) {
            head = LogSegment(head: try FileSystem.readAll(path, from: 0, bytesMax: LogSegment.headBytes))
            let end = log.end(ofSegment: segment) ?? .max
            bytes = try FileSystem.readAll(path, from: offset, bytesMax: max(0, end - offset))
        } catch {
            throw .system(error)
        }
        guard let head else { throw .damaged(file: path, offset: 0, "the head of the segment") }
        var start = 0
        // At a start home may have the first of them.
        while let frame = LogFrame(in: bytes, at: start, salt: head.salt), frame.sequence <= last {
            start = frame.changes.upperBound
        }
        while last < sequence, let frame = LogFrame(in: bytes, at: start, salt: head.salt), frame.sequence == last + 1 {
            try each(frame.sequence, bytes, frame.changes)
            last = frame.sequence
            start = frame.changes.upperBound
        }
        offset += start
    }
}
