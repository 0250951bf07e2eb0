import Synchronization

/// The end of the log, where batches are appended: one write for each, one sync for all that wait.
///
/// Batches bear consecutive sequences. A segment that is full is followed by another, in a file that was used before where
/// there is one (`SpareSegments`); nothing is ever written to a segment of an earlier process. Appending is the loop
/// thread's, syncing may be done on any. Where nobody is answered before a sync, batches are written by that: a write may
/// wait for milliseconds while the file system commits its journal, and the loop does not wait with it.
///
/// Invariants: `synced` ≤ `written` ≤ `appended`; every batch up to `synced` is on the disk, its segment's name too; those
/// behind `written` are, in their order, with the sync under way and in `waiting`; after a write or a sync that failed
/// nothing is written or synced any more: what the disk holds then is unknown.
final class Log: Sendable {
    private struct State {
        var file: Int32
        var segment: LogSegment
        var bytes: Int
        /// Files that are full and perhaps not synced, to be closed then.
        var full: [Int32] = []
        var isFolderDirty = false
        var appended: UInt64
        var written: UInt64
        var synced: UInt64
        /// Appended, and left to the next sync to be written; and their bytes.
        var waiting: [LogBatch] = []
        var waitingBytes = 0
        /// Empty ones, for their memory.
        var emptied: [LogBatch] = []
        /// All segments, the current one last: their first sequences, and where those end that this process has filled; behind
        /// that a file may have more.
        var segments: [(first: UInt64, end: Int?)]
        var spares: SpareSegments
        var failure: FileSystem.Failure?
    }

    let folder: String
    private let segmentBytes: Int
    private let waitingBytesMax: Int
    private let isWrittenBySync: Bool
    /// Batches are kept for their memory, so many: those of a turn and of the sync before.
    private static let emptiedMax = 2
    private let onStep: (@Sendable (StorageStep) -> Void)?
    private let state: Mutex<State>
    private let syncing = Mutex(())

    /// Begins a new segment behind what is there.
    /// - Parameters:
    ///   - last: the last sequence that is there.
    ///   - firsts: of the segments that are there.
    ///   - isWrittenBySync: whether batches are written by the sync that follows, not when they are appended.
    init(
        folder: String, last: UInt64, firsts: [UInt64], isWrittenBySync: Bool = false, tuning: DiskTuning
    ) throws(FileSystem.Failure) {
        self.folder = folder
        self.isWrittenBySync = isWrittenBySync
        segmentBytes = tuning.segmentBytes
        waitingBytesMax = tuning.waitingBytesMax
        onStep = tuning.onStep
        let segment = LogSegment(first: last + 1)
        var spares = SpareSegments(folder: folder, segmentBytes: tuning.segmentBytes)
        let file = try Self.create(segment, in: folder, from: spares.take())
        try FileSystem.syncFolder(folder)
        state = Mutex(
            State(
                file: file, segment: segment, bytes: LogSegment.headBytes, appended: last, written: last, synced: last,
                segments: (firsts + [segment.first]).map { ($0, nil) }, spares: spares))
    }

    private static func create(
        _ segment: LogSegment, in folder: String, from spare: String?
    ) throws(FileSystem.Failure) -> Int32 {
        // Beside it first: it may replace a segment that has no batches.
        let path = "\(folder)/\(LogSegment.name(first: segment.first))"
        let draft = spare ?? path + ".new"
        let file = spare == nil ? try FileSystem.create(draft) : try FileSystem.openAgain(draft)
        do throws(FileSystem.Failure) {
            try FileSystem.writeAll(segment.head, to: file)
            try FileSystem.move(draft, to: path)
        } catch {
            FileSystem.close(file)
            throw error
        }
        return file
    }

    /// The first sequence of the segment that has, or will have, that batch.
    func segment(of sequence: UInt64) -> UInt64 {
        state.withLock { state in state.segments.last { $0.first <= sequence }?.first ?? state.segment.first }
    }

    /// How much of the file of a segment is to be read: at least all batches that are written. Nil: all of it.
    func end(ofSegment first: UInt64) -> Int? {
        state.withLock { state in
            first == state.segment.first ? state.bytes : state.segments.last { $0.first == first }?.end
        }
    }

    func path(first: UInt64) -> String { "\(folder)/\(LogSegment.name(first: first))" }

    /// The sequence of the last batch that was appended, and of the last that is synced.
    var ends: (appended: UInt64, synced: UInt64) { state.withLock { ($0.appended, $0.synced) } }

    /// Puts the batch, which is empty afterwards, behind all others; syncs nothing.
    func append(_ batch: inout LogBatch) throws(StorageFailure) {
        guard batch.isFrame else { throw .tooLarge }
        do throws(FileSystem.Failure) {
            if isWrittenBySync {
                try trying { () throws(FileSystem.Failure) in enqueue(&batch) }
                guard state.withLock({ $0.waitingBytes > waitingBytesMax }) else { return }
                try syncing.withLock { _ throws(FileSystem.Failure) in try trying(writeWaiting) }
            } else {
                try trying { () throws(FileSystem.Failure) in try write(&batch) }
                batch.removeAll()
            }
        } catch {
            throw .system(error)
        }
    }

    private func enqueue(_ batch: inout LogBatch) {
        batch = state.withLock { state in
            state.appended += 1
            state.waiting.append(batch)
            state.waitingBytes += batch.bytes.count
            return state.emptied.popLast() ?? LogBatch()
        }
    }

    /// Those that wait as it begins: what comes meanwhile must not put off the sync. Where one fails nothing follows.
    private func writeWaiting() throws(FileSystem.Failure) {
        var batches = state.withLock { state in
            defer { (state.waiting, state.waitingBytes) = ([], 0) }
            return state.waiting
        }
        for index in batches.indices {
            try write(&batches[index])
            batches[index].removeAll()
        }
        state.withLock { $0.emptied += batches.prefix(Self.emptiedMax - $0.emptied.count) }
    }

    private func write(_ batch: inout LogBatch) throws(FileSystem.Failure) {
        if isFull { try beginSegment() }
        let (file, sequence, synced, salt) = state.withLock { ($0.file, $0.written + 1, $0.synced, $0.segment.salt) }
        batch.seal(sequence: sequence, synced: synced, salt: salt)
        try FileSystem.writeAll(batch.bytes, to: file)
        state.withLock { state in
            state.written = sequence
            state.appended = max(state.appended, sequence)
            state.bytes += batch.bytes.count
        }
        onStep?(.appended)
    }

    /// Does what may fail, unless something has failed before.
    private func trying(_ body: () throws(FileSystem.Failure) -> Void) throws(FileSystem.Failure) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
        do throws(FileSystem.Failure) {
            try body()
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    private var isFull: Bool { state.withLock { $0.bytes >= segmentBytes } }

    private func beginSegment() throws(FileSystem.Failure) {
        let (last, spare) = state.withLock { ($0.written, $0.spares.take()) }
        let segment = LogSegment(first: last + 1)
        let file = try Self.create(segment, in: folder, from: spare)
        state.withLock { state in
            state.segments[state.segments.count - 1].end = state.bytes
            state.full.append(state.file)
            state.file = file
            state.segment = segment
            state.bytes = LogSegment.headBytes
            state.isFolderDirty = true
            state.segments.append((segment.first, nil))
        }
        onStep?(.begunSegment)
    }

    /// Syncs everything that was appended before the call. Does not hold up `append`.
    func sync() throws(FileSystem.Failure) {
        try syncing.withLock { _ throws(FileSystem.Failure) in try trying(syncInTurn) }
        onStep?(.synced)
    }

    private func syncInTurn() throws(FileSystem.Failure) {
        try writeWaiting()
        let (written, full, current, isFolderDirty) = state.withLock { state in
            defer {
                state.full = []
                state.isFolderDirty = false
            }
            return (state.written, state.full, state.file, state.isFolderDirty)
        }
        defer { full.forEach { FileSystem.close($0) } }
        for file in full { try FileSystem.sync(file) }
        try FileSystem.sync(current)
        if isFolderDirty { try FileSystem.syncFolder(folder) }
        state.withLock { $0.synced = max($0.synced, written) }
    }

    /// Lets go of the segments of which nothing is needed by who has everything up to `sequence`.
    func removeSegments(through sequence: UInt64) {
        let old = state.withLock { state in
            // A segment ends where the next one begins; who has read no batch of that one is still at the end of this.
            let count = state.segments.dropFirst().prefix { $0.first <= sequence }.count
            defer { state.segments.removeFirst(count) }
            return state.segments.prefix(count).map(\.first)
        }
        for first in old {
            // One that stays is removed at the next start.
            if !spare(path(first: first)) { FileSystem.remove(path(first: first)) }
            onStep?(.removedSegment)
        }
    }

    /// Makes a file for a segment to come, where there is none and one will be needed soon. For a thread that may wait.
    func prepareSpare() {
        let path = state.withLock { state in
            state.spares.isEmpty && state.bytes > segmentBytes / 4 ? state.spares.nextPath() : nil
        }
        guard let path else { return }
        do throws(FileSystem.Failure) {
            try FileSystem.writeZeros(segmentBytes, to: path)
        } catch {
            // Then segments grow as they are written: it is as safe, and takes longer.
            return FileSystem.remove(path)
        }
        if !state.withLock({ $0.spares.add(path) }) { FileSystem.remove(path) }
        onStep?(.preparedSpare)
    }

    /// - Returns: whether the file is kept for a segment to come.
    private func spare(_ path: String) -> Bool {
        let name = state.withLock { $0.spares.nextPath() }
        do throws(FileSystem.Failure) { try FileSystem.move(path, to: name) } catch { return false }
        let isSpare = SpareSegments.prepare(name, segmentBytes: segmentBytes) && state.withLock { $0.spares.add(name) }
        if !isSpare { FileSystem.remove(name) }
        return true
    }

    /// Syncs nothing. Nobody may use it any more.
    func close() {
        state.withLock { state in
            (state.full + [state.file]).forEach { FileSystem.close($0) }
            state.full = []
            state.file = -1
        }
    }
}
