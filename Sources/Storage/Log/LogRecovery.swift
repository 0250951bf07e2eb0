/// Reads the log at a start, and cuts off its torn end.
///
/// Batches that were not synced may be lost in part, in any order of the disk's pages. So where no whole frame with the
/// next sequence follows, that is the end of the log, and what may lie behind it never counted: it is cut off. It is
/// damage, and refused, where that frame is known to have been synced: a later frame says so, or the home knows a
/// later sequence.
struct LogRecovery {
    let folder: String
    /// Whether there was a log before: then it has a segment at least, even if nothing is in it.
    let mustExist: Bool
    /// The home has every batch up to here.
    let home: UInt64
    /// The home has parts of batches up to here, all of them synced before.
    let homeMax: UInt64

    struct Found {
        var last: UInt64
        /// Of the segments that have batches. One that has none may follow: the log begins anew in its place.
        var firsts: [UInt64]
    }

    /// Calls `each` with every batch beyond `home`, in order.
    func run(_ each: (_ sequence: UInt64, [UInt8], Range<Int>) throws(StorageFailure) -> Void) throws(StorageFailure) -> Found {
        let firsts = try neededSegments()
        var found = Found(last: firsts.isEmpty ? home : firsts[0] - 1, firsts: [])
        for (index, first) in firsts.enumerated() {
            let bytes = try read(first)
            let end = try replay(bytes, first, &found, each)
            if end > LogSegment.headBytes { found.firsts.append(first) }
            let isNext = firsts.indices.contains(index + 1) && firsts[index + 1] == found.last + 1
            // Behind its end a segment may have what its file had before.
            let isWhole = isNext || index == firsts.count - 1 && end == bytes.count
            if isWhole, end > LogSegment.headBytes { continue }
            try checkThatNothingWasSynced(beyond: found.last, bytes, end, firsts[index...])
            try cut(firsts[index...], at: end)
            break
        }
        guard found.last >= homeMax else {
            throw .damaged(file: folder, offset: 0, "the log ends at batch \(found.last), batch \(homeMax) was in it:")
        }
        return found
    }

    /// Removes the segments before the one that has the batch after `home`; returns the others.
    private func neededSegments() throws(StorageFailure) -> [UInt64] {
        var firsts = LogSegment.firsts(in: folder)
        if firsts.isEmpty, mustExist || home > 0 { throw .damaged(file: folder, offset: 0, "the log is missing:") }
        while firsts.count > 1, firsts[1] <= home + 1 {
            FileSystem.remove(path(firsts.removeFirst()))
        }
        if let first = firsts.first, first > home + 1 {
            throw .damaged(file: path(first), offset: 0, "the segment before it, with batch \(home + 1), is missing:")
        }
        return firsts
    }

    /// Returns where the whole frames end.
    private func replay(
        _ bytes: [UInt8], _ first: UInt64, _ found: inout Found,
        _ each: (UInt64, [UInt8], Range<Int>) throws(StorageFailure) -> Void
    ) throws(StorageFailure) -> Int {
        guard let segment = try head(bytes, first) else { return 0 }
        var offset = LogSegment.headBytes
        while let frame = LogFrame(in: bytes, at: offset, salt: segment.salt), frame.sequence == found.last + 1 {
            if frame.sequence > home { try each(frame.sequence, bytes, frame.changes) }
            found.last = frame.sequence
            offset = frame.changes.upperBound
        }
        return offset
    }

    /// Nil: it was not written whole.
    private func head(_ bytes: [UInt8], _ first: UInt64) throws(StorageFailure) -> LogSegment? {
        if let segment = LogSegment(head: bytes), segment.first == first { return segment }
        // A power cut leaves no bytes, or zeros.
        guard bytes.count < LogSegment.headBytes || bytes.prefix(LogSegment.headBytes).allSatisfy({ $0 == 0 }) else {
            throw .damaged(file: path(first), offset: 0, "the head of the segment")
        }
        return nil
    }

    // MARK: The end

    private func checkThatNothingWasSynced(
        beyond last: UInt64, _ bytes: [UInt8], _ end: Int, _ firsts: ArraySlice<UInt64>
    ) throws(StorageFailure) {
        var isSynced = homeMax > last || Self.syncedMax(bytes, from: end) > last
        for first in firsts.dropFirst() where !isSynced { isSynced = Self.syncedMax(try read(first), from: 0) > last }
        if isSynced, let first = firsts.first {
            throw .damaged(file: path(first), offset: end, "batch \(last + 1) of the log, which was synced,")
        }
    }

    /// What the whole frames that lie at or behind `start`, wherever, say was synced.
    private static func syncedMax(_ bytes: [UInt8], from start: Int) -> UInt64 {
        guard let segment = LogSegment(head: bytes) else { return 0 }
        var most: UInt64 = 0
        var offset = max(start, LogSegment.headBytes)
        while offset + LogFrame.headBytes <= bytes.count {
            if let frame = LogFrame(in: bytes, at: offset, salt: segment.salt) {
                most = max(most, frame.synced)
                offset = frame.changes.upperBound
            } else {
                offset += 1
            }
        }
        return most
    }

    /// Takes away what lies behind `end` of the first of these segments.
    private func cut(_ firsts: ArraySlice<UInt64>, at end: Int) throws(StorageFailure) {
        do throws(FileSystem.Failure) {
            for first in firsts.dropFirst().reversed() { FileSystem.remove(path(first)) }
            // The later ones are gone for sure before this one is whole again.
            try FileSystem.syncFolder(folder)
            // One without batches stays to be replaced: without any segment the log would seem lost.
            if let first = firsts.first, end > LogSegment.headBytes { try FileSystem.truncate(path(first), to: end) }
        } catch {
            throw .system(error)
        }
    }

    private func path(_ first: UInt64) -> String { "\(folder)/\(LogSegment.name(first: first))" }

    private func read(_ first: UInt64) throws(StorageFailure) -> [UInt8] {
        do throws(FileSystem.Failure) { return try FileSystem.readAll(path(first)) } catch { throw .system(error) }
    }
}
