import Glibc

/// A value behind a lock that a thread can wait on until another has changed it. The Synchronization module
/// has locks but nothing to wait on, so this is pthread's.
final class Monitor<Value: Sendable>: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var value: Value

    init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(&value)
    }

    /// Wakes the thread that waits.
    func signal() { pthread_cond_signal(condition) }

    enum Step<Result> {
        case wait(deadline: timespec?)
        case done(Result)
    }

    /// Asks `next`, under the lock, again after each signal or deadline until it is done.
    func wait<Result>(_ next: (inout Value) -> Step<Result>) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            switch next(&value) {
            case .done(let result): return result
            case .wait(nil): pthread_cond_wait(condition, mutex)
            case .wait(var deadline?): pthread_cond_timedwait(condition, mutex, &deadline)
            }
        }
    }
}

extension timespec {
    /// The monotonic clock's time.
    static var now: timespec {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time
    }

    func isBefore(_ other: timespec) -> Bool {
        (tv_sec, tv_nsec) < (other.tv_sec, other.tv_nsec)
    }
}
