import CUV

/// Calls back once or again and again. While it is started the loop keeps it alive; a timer that is not
/// started goes with its last owner.
package final class Timer: Handle {
    private let timer: UnsafeMutablePointer<uv_timer_t>
    private var onFire: (() -> Void)?
    private var repeats = false

    package init(_ loop: Loop, onFire: @escaping () -> Void) {
        let timer = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
        self.timer = timer
        self.onFire = onFire
        super.init(loop, timer) { uv_timer_init($0, timer) }
    }

    /// Whether it will fire.
    package var isStarted: Bool { isOpen && uv_is_active(raw) != 0 }

    /// Fires `delay` from now, then every `interval`; in whole milliseconds, rounded up, an interval at
    /// least one. Starting it again replaces what it was started for. Timers due at the same time fire in the
    /// order in which they were started. Nothing happens on a closed timer or loop.
    package func start(after delay: Duration, every interval: Duration? = nil) {
        guard isOpen else { return }
        repeats = interval != nil
        // libuv counts from its cached time, which a long callback leaves behind.
        uv_update_time(loop.native)
        let period = interval.map { max(1, $0.wholeMilliseconds) } ?? 0
        uv_timer_start(timer, fired, delay.wholeMilliseconds, period)
        hold()
    }

    package func stop() {
        guard isOpen else { return }
        uv_timer_stop(timer)
        release()
    }

    override func didClose() { onFire = nil }

    fileprivate func fire() {
        guard isOpen else { return }
        if !repeats { release() }
        onFire?()
    }
}

private func fired(_ timer: UnsafeMutablePointer<uv_timer_t>?) {
    Handle.object(of: timer, as: Timer.self)?.fire()
}

extension Duration {
    /// Rounded up; 0 for a negative one, and never more than 100 years, so that adding them cannot overflow.
    fileprivate var wholeMilliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let part = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return UInt64(min(seconds, 3_155_760_000)) * 1_000 + UInt64(part)
    }
}
