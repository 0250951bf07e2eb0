import CUV
import Glibc

/// Calls back when the process gets a signal. The loop keeps it alive until `close()`.
package final class Signal: Handle {
    private var onSignal: (() -> Void)?

    /// - Parameter number: `SIGINT`, `SIGTERM`, …
    package init(_ loop: Loop, _ number: Int32, onSignal: @escaping () -> Void) throws(IOError) {
        let signal = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
        self.onSignal = onSignal
        super.init(loop, signal) { uv_signal_init($0, signal) }
        try created()
        try IOError.check(uv_signal_start(signal, caught, number), "cannot handle signal \(number)")
        hold()
    }

    /// Lets a write to a connection that the peer has closed fail with an error instead of ending the
    /// process. For the whole process; to be called before the first stream writes.
    package static func ignoreBrokenPipe() { _ = signal(SIGPIPE, SIG_IGN) }

    override func didClose() { onSignal = nil }

    fileprivate func fire() {
        if isOpen { onSignal?() }
    }
}

private func caught(_ signal: UnsafeMutablePointer<uv_signal_t>?, _: Int32) {
    Handle.object(of: signal, as: Signal.self)?.fire()
}
