import Cluster
import Glibc
import Synchronization

/// The thread that brings the log to its home: it reads the log behind the one who writes it, as a start would, and
/// removes the segments that are not needed any more.
///
/// Reading the log again costs a copy from the page cache; for that the loop thread hands nothing over, nothing waits in
/// memory when RocksDB is slow, and replay is what runs all the time.
final class WriteBack: Sendable {
    private struct State {
        /// Bytes of log that are not written back.
        var bytes = 0
        var since: timespec?
        /// Bytes of log that have come, and that were read again.
        var (noted, read) = (0, 0)
        var end: End?
        /// The thread has ended; nobody reads the log any more.
        var isOver = false
    }

    private enum End {
        /// After everything is written back and flushed.
        case whole
        case atOnce
    }

    private enum Task {
        case writeBack
        case end(End)
    }

    private let log: Log
    private let tuning: DiskTuning
    private let state = Monitor(State())
    private let thread = Thread()
    private let homeBatch: Atomic<UInt64>
    private let replayedTo: UInt64

    /// - Parameters:
    ///   - home: the last batch that is at home.
    ///   - last: with which the log ended at the start; of what is up to there home may have parts.
    ///   - bytes: of the log, from behind `home` to `last`.
    init(_ log: Log, home: UInt64, last: UInt64, bytes: Int, tuning: DiskTuning) {
        self.log = log
        self.tuning = tuning
        replayedTo = last
        homeBatch = Atomic(home)
        state.withLock { state in
            state.bytes = bytes
            state.noted = bytes
            if bytes > 0 { state.since = .now }
        }
    }

    /// Every batch up to here is at home.
    var home: UInt64 { homeBatch.load(ordering: .acquiring) }

    /// Starts the thread. Returns what went wrong.
    /// - Parameters:
    ///   - onRead: told, on this thread, how many bytes of log were read again in all.
    ///   - onFailure: called once, on this thread, which ends then.
    func start(
        _ database: RocksDatabase, noteRemovals: @escaping @Sendable (Int) -> Void, onRead: @escaping @Sendable (Int) -> Void,
        onFailure: @escaping @Sendable (StorageFailure) -> Void
    ) -> StoreError? {
        thread.start(isPatient: true) { [self] in
            let last = home
            var work = Work(
                log: log, tuning: tuning, noteRead: { [self] in noteRead(bytes: $0, home: $1, onRead) },
                tail: LogTail(log, behind: last),
                home: Home(database, behind: last, replayTo: replayedTo, tuning: tuning, noteRemovals: noteRemovals))
            do throws(StorageFailure) {
                while case .writeBack = state.wait(nextTask) { try work.writeBack() }
                if case .whole = state.withLock({ $0.end }) { try work.finish() }
            } catch {
                onFailure(error)
            }
            state.withLock { $0.isOver = true }
            state.signal()
        }
    }

    /// So many bytes came to the log. Waits where RocksDB is far behind, a few megabytes at a time: else the log would fill
    /// the disk. Who waits for answers has stopped long before (`SyncLedger.makeRoom`).
    /// - Returns: how many have come in all.
    func note(bytes: Int) -> Int {
        let (isNews, isFull, noted) = state.withLock { state in
            let before = state.bytes
            state.bytes += bytes
            state.noted += bytes
            if before == 0 { state.since = .now }
            let isNews = before == 0 || (before < tuning.writeBackBytes && state.bytes >= tuning.writeBackBytes)
            return (isNews, mustWait(state), state.noted)
        }
        if isNews { state.signal() }
        guard isFull else { return noted }
        // The thread does not wait meanwhile, so a signal is for this one.
        state.wait { state in state.isOver || !mustWait(state) ? .done(()) : .wait(deadline: nil) }
        return noted
    }

    private func mustWait(_ state: State) -> Bool { state.noted - state.read > tuning.behindBytesMax / 4 * 5 }

    private func noteRead(bytes: Int, home: UInt64, _ onRead: (Int) -> Void) {
        homeBatch.store(home, ordering: .releasing)
        let read = state.withLock { state in
            state.read += bytes
            return state.read
        }
        state.signal()
        onRead(read)
    }

    /// Ends the thread.
    /// - Parameter isWhole: whether everything is to be at home before, so that the next start has nothing to replay.
    func stop(isWhole: Bool) {
        state.withLock { $0.end = isWhole ? .whole : .atOnce }
        state.signal()
        thread.join()
    }

    private func nextTask(_ state: inout State) -> Monitor<State>.Step<Task> {
        if let end = state.end { return .done(.end(end)) }
        guard state.bytes > 0, let since = state.since else { return .wait(deadline: nil) }
        let deadline = timespec(tv_sec: since.tv_sec + tuning.writeBackSeconds, tv_nsec: since.tv_nsec)
        guard state.bytes >= tuning.writeBackBytes || !timespec.now.isBefore(deadline) else {
            return .wait(deadline: deadline)
        }
        state.bytes = 0
        state.since = nil
        return .done(.writeBack)
    }

    /// What the thread has for itself.
    private struct Work {
        let log: Log
        let tuning: DiskTuning
        let noteRead: (Int, UInt64) -> Void
        var tail: LogTail
        var home: Home
        var unflushed = 0

        mutating func writeBack() throws(StorageFailure) {
            var ends = log.ends
            if ends.synced < ends.appended {
                // Home has nothing that a power cut could take from the log.
                do throws(FileSystem.Failure) { try log.sync() } catch { throw .system(error) }
                ends = log.ends
            }
            log.prepareSpare()
            let synced = ends.synced
            while tail.last < synced {
                var read = 0
                // Said soon, since a writer may wait for it.
                func written(_ read: inout Int) {
                    tuning.onStep?(.writtenBack)
                    noteRead(read, home.last)
                    unflushed += read
                    read = 0
                }
                try tail.read(upTo: synced) { sequence, bytes, range throws(StorageFailure) in
                    if try home.take(sequence, bytes, range) { written(&read) }
                    read += LogFrame.headBytes + range.count
                }
                try home.write()
                written(&read)
                if unflushed >= tuning.flushBytes { try flush() }
            }
        }

        mutating func finish() throws(StorageFailure) {
            try writeBack()
            if home.last > 0 { try flush() }
        }

        private mutating func flush() throws(StorageFailure) {
            try home.flush()
            tuning.onStep?(.flushed)
            unflushed = 0
            log.removeSegments(through: home.last)
        }
    }
}
