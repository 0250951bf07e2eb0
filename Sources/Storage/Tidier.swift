import Glibc

/// The thread that has the database give back what deletes left behind.
///
/// A delete is a record of its own, which takes the deleted one along only when table files are merged; after the
/// last write nothing would have them merged. So once many were deleted and no more are for a while, or at the
/// latest some time after, this calls `tidy` with how many there were. It works beside reads and writes and never on
/// the loop thread. Where `tidy` says that these were too few, they count the next time too.
final class Tidier: Sendable {
    struct Patience: Sendable {
        /// So few deletes may stay.
        var removalsMin = 10_000
        /// Seconds after the last delete.
        var quiet = 5
        /// Seconds after there were `removalsMin` of them.
        var longest = 60
    }

    private struct State {
        var removals = 0
        var last = timespec()
        /// When there were enough.
        var since: timespec?
        var isStopping = false
    }

    private enum Task {
        case tidy(Int)
        case stop
    }

    private let patience: Patience
    private let state = Monitor(State())
    private let thread = Thread()
    private let tidy: @Sendable (Int) -> Bool

    init(_ patience: Patience, tidy: @escaping @Sendable (Int) -> Bool) {
        self.patience = patience
        self.tidy = tidy
    }

    /// Where no thread can be had, nothing is tidied: that costs space and nothing else.
    func start() { _ = thread.start(isPatient: true) { self.run() } }

    /// So many records were deleted.
    func note(removals: Int) {
        guard removals > 0 else { return }
        let isEnough = state.withLock { state in
            state.removals += removals
            state.last = .now
            guard state.since == nil, state.removals >= patience.removalsMin else { return false }
            state.since = state.last
            return true
        }
        if isEnough { state.signal() }
    }

    /// Ends the thread, after what it is at.
    func stop() {
        state.withLock { $0.isStopping = true }
        state.signal()
        thread.join()
    }

    private func run() {
        while case .tidy(let removals) = state.wait(nextTask) {
            if !tidy(removals) { state.withLock { $0.removals += removals } }
        }
    }

    private func nextTask(_ state: inout State) -> Monitor<State>.Step<Task> {
        if state.isStopping { return .done(.stop) }
        guard let since = state.since else { return .wait(deadline: nil) }
        let quiet = state.last.adding(seconds: patience.quiet)
        let latest = since.adding(seconds: patience.longest)
        let due = quiet.isBefore(latest) ? quiet : latest
        guard !timespec.now.isBefore(due) else { return .wait(deadline: due) }
        defer {
            state.removals = 0
            state.since = nil
        }
        return .done(.tidy(state.removals))
    }
}

extension timespec {
    fileprivate func adding(seconds: Int) -> timespec { timespec(tv_sec: tv_sec + seconds, tv_nsec: tv_nsec) }
}
