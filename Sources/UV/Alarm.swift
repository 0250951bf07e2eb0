import CUV
import Glibc

/// Calls back once at a nanosecond of the monotonic clock, where the whole milliseconds of a `Timer` are too coarse:
/// the system's timerfd, polled. While it is set the loop keeps it alive.
package final class Alarm: Handle {
    private let descriptor: Int32
    private let poll: UnsafeMutablePointer<uv_poll_t>
    private var onFire: (() -> Void)?

    package init(_ loop: Loop, onFire: @escaping () -> Void) throws(IOError) {
        let descriptor = timerfd_create(CLOCK_MONOTONIC, Int32(TFD_NONBLOCK | TFD_CLOEXEC))
        guard descriptor >= 0 else { throw IOError(IOError.last, "cannot make a timer") }
        let poll = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
        self.descriptor = descriptor
        self.poll = poll
        self.onFire = onFire
        super.init(loop, poll) { uv_poll_init($0, poll, descriptor) }
        do {
            try created()
            try IOError.check(uv_poll_start(poll, Int32(UV_READABLE.rawValue), ready))
        } catch {
            // While it is open that is left to `deinit`, which runs although this throws.
            if !isOpen { Glibc.close(descriptor) }
            throw error
        }
    }

    deinit { if isOpen { Glibc.close(descriptor) } }

    /// - Parameter instant: nanoseconds, as `Loop.now` gives them; one that is past fires in the next turn. It takes the
    ///   place of the one before.
    package func set(at instant: UInt64) {
        guard isOpen else { return }
        // 0 would switch it off.
        let nanoseconds = max(1, instant)
        var time = itimerspec()
        time.it_value.tv_sec = Int(nanoseconds / 1_000_000_000)
        time.it_value.tv_nsec = Int(nanoseconds % 1_000_000_000)
        timerfd_settime(descriptor, Int32(TFD_TIMER_ABSTIME), &time, nil)
        hold()
    }

    override func willClose() { Glibc.close(descriptor) }

    override func didClose() { onFire = nil }

    fileprivate func fire() {
        var count: UInt64 = 0
        guard isOpen, Glibc.read(descriptor, &count, 8) == 8 else { return }
        release()
        onFire?()
    }
}

private func ready(_ poll: UnsafeMutablePointer<uv_poll_t>?, _: Int32, _: Int32) {
    Handle.object(of: poll, as: Alarm.self)?.fire()
}
