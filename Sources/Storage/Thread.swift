import Cluster
import Glibc

/// A thread of the store, from its start to its end.
final class Thread: Sendable {
    private let id: Monitor<pthread_t?> = Monitor(nil)

    /// How much less of a processor a thread gets that nobody waits for, where they are few: a tenth of another's.
    private static let patientNice: Int32 = 10

    /// Runs `body` on a thread of its own. Returns what went wrong.
    /// - Parameter isPatient: whether others come first when processors are few.
    func start(isPatient: Bool = false, _ body: @escaping @Sendable () -> Void) -> StoreError? {
        var new = pthread_t()
        let argument = Unmanaged.passRetained(
            Body {
                // On Linux a thread has a priority of its own. Where that is refused it goes on as it is.
                if isPatient { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Thread.patientNice) }
                body()
            })
        let code = pthread_create(
            &new, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            return StoreError("cannot start a storage thread: \(String(cString: strerror(code)))")
        }
        id.withLock { $0 = new }
        return nil
    }

    /// Waits for its end, where it was started.
    func join() {
        if let id = id.withLock({ id in defer { id = nil }; return id }) { pthread_join(id, nil) }
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
