import CUV

/// The loop's side of a `Wakeup`.
final class WakeupHandle: Handle {
    /// Strong, so that wakes can come in until the close; ends with it.
    var wakeup: Wakeup?
    private var onWake: (() -> Void)?

    init(_ loop: Loop, _ native: UnsafeMutablePointer<uv_async_t>, onWake: @escaping () -> Void) {
        self.onWake = onWake
        super.init(loop, native) { uv_async_init($0, native, woken) }
    }

    override func willClose() { wakeup?.forgetLoop() }

    override func didClose() {
        onWake = nil
        wakeup = nil
    }

    fileprivate func fire() {
        guard isOpen else { return }
        if wakeup?.wantsClose == true { close() } else { onWake?() }
    }
}

private func woken(_ native: UnsafeMutablePointer<uv_async_t>?) {
    Handle.object(of: native, as: WakeupHandle.self)?.fire()
}
