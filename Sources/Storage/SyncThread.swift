import Cluster
import Glibc

/// The storage thread: one sync for all batches that wait for one (group commit).
///
/// The loop thread closes batches that it has appended; this thread syncs what needs it, publishes `durable`
/// and then calls `wake`. `wake` is called on this thread, without a lock held, and never after `stop`.
final class SyncThread: Sendable {
    private struct State {
        var ledger: SyncLedger
        var isStopping = false
        /// When changes that nobody waits for are synced.
        var deadline: timespec?
    }

    private enum Task {
        case sync(upTo: Ticket)
        case stop
    }

    private static let interval = 1

    private let policy: SyncPolicy
    private let state: Monitor<State>
    private let sync: @Sendable () -> StoreError?
    private let wake: @Sendable () -> Void
    private let thread = Thread()

    /// - Parameters:
    ///   - room: how far batches may reach at first, in bytes.
    ///   - sync: syncs everything appended before the call; returns what went wrong. Not called again after a failure.
    init(
        policy: SyncPolicy, room: Int = .max, sync: @escaping @Sendable () -> StoreError?,
        wake: @escaping @Sendable () -> Void
    ) {
        self.policy = policy
        self.sync = sync
        self.wake = wake
        state = Monitor(State(ledger: SyncLedger(policy: policy, room: room)))
    }

    var durable: Ticket { state.withLock { $0.ledger.durable } }
    var failure: StoreError? { state.withLock { $0.ledger.failure } }

    /// Starts the thread. Returns what went wrong.
    func start() -> StoreError? {
        thread.start { self.run() }
    }

    /// Hands out the ticket of a batch that is appended, and says whether that must wait for room.
    /// - Parameter end: where it ends, in bytes.
    func close(hasChanges: Bool, mustSync: Bool, end: Int = 0) -> (ticket: Ticket, isCrowded: Bool) {
        let (ticket, isCrowded, isWork) = state.withLock { state in
            let wasDirty = state.ledger.isDirty
            let ticket = state.ledger.close(hasChanges: hasChanges, mustSync: mustSync, end: end)
            let startsInterval = policy == .everysec && !wasDirty && state.ledger.isDirty
            return (ticket, state.ledger.isCrowded, state.ledger.needsSync || startsInterval)
        }
        if isWork { state.signal() }
        return (ticket, isCrowded)
    }

    /// Batches may reach so far now. On any thread.
    func makeRoom(to end: Int) {
        let isNews = state.withLock { state in
            let before = state.ledger.durable
            state.ledger.makeRoom(to: end)
            return !state.isStopping && state.ledger.durable > before
        }
        if isNews { wake() }
    }

    /// Nothing becomes durable any more.
    /// - Returns: whether somebody is to be woken.
    @discardableResult
    func fail(_ error: StoreError) -> Bool {
        state.withLock { state in
            let isNews = state.ledger.failure == nil
            state.ledger.fail(error)
            return isNews && !state.isStopping
        }
    }

    /// Syncs what is not synced yet and ends the thread.
    func stop() {
        state.withLock { $0.isStopping = true }
        state.signal()
        thread.join()
    }

    private func run() {
        while case .sync(let ticket) = state.wait(nextTask) {
            let error = sync()
            let isNews = state.withLock { state in
                let (before, wasSound) = (state.ledger.durable, state.ledger.failure == nil)
                if let error { state.ledger.fail(error) } else { state.ledger.finishSync(upTo: ticket) }
                return !state.isStopping && (error != nil && wasSound || state.ledger.durable > before)
            }
            if isNews { wake() }
        }
    }

    private func nextTask(_ state: inout State) -> Monitor<State>.Step<Task> {
        if state.ledger.needsSync || (state.isStopping && state.ledger.isDirty) {
            state.deadline = nil
            return .done(.sync(upTo: state.ledger.last))
        }
        if state.isStopping { return .done(.stop) }
        guard policy == .everysec, state.ledger.isDirty else { return .wait(deadline: nil) }
        let now = timespec.now
        guard let deadline = state.deadline else {
            let deadline = timespec(tv_sec: now.tv_sec + Self.interval, tv_nsec: now.tv_nsec)
            state.deadline = deadline
            return .wait(deadline: deadline)
        }
        if now.isBefore(deadline) { return .wait(deadline: deadline) }
        state.deadline = nil
        return .done(.sync(upTo: state.ledger.last))
    }
}
