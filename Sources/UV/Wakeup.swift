import CUV
import Synchronization

/// The one way into a loop from another thread. Several wakes before the loop gets to it are one call.
/// The loop keeps the closure until `close()`; an open wakeup keeps `run()` going.
package final class Wakeup: Sendable {
    /// Unchecked because of the pointer: `uv_async_send` is the one call of libuv that any thread may make.
    private struct Target: @unchecked Sendable {
        /// Nil once the loop side is closing: libuv must not be called with it any more.
        var native: UnsafeMutablePointer<uv_async_t>?
        var wantsClose = false
    }

    private let target: Mutex<Target>

    /// On the loop's thread.
    package init(_ loop: Loop, onWake: @escaping () -> Void) throws(IOError) {
        let native = UnsafeMutablePointer<uv_async_t>.allocate(capacity: 1)
        target = Mutex(Target(native: native))
        let handle = WakeupHandle(loop, native, onWake: onWake)
        do {
            try handle.created()
        } catch {
            target.withLock { $0.native = nil }
            throw error
        }
        handle.wakeup = self
        handle.hold()
    }

    /// Has the closure called on the loop, soon. From any thread, at any time; does nothing once closed.
    package func wake() {
        target.withLock { target in
            if let native = target.native { uv_async_send(native) }
        }
    }

    /// From any thread. The closure is not called again once the loop has seen it.
    package func close() {
        target.withLock { target in
            target.wantsClose = true
            if let native = target.native { uv_async_send(native) }
        }
    }

    var wantsClose: Bool { target.withLock { $0.wantsClose } }

    func forgetLoop() { target.withLock { $0.native = nil } }
}
