import Synchronization
import UV

/// Lets the store, which is opened before the node, wake the loop once there is somebody to listen.
final class WakeupRelay: Sendable {
    private let wakeup = Mutex<Wakeup?>(nil)

    func set(_ wakeup: Wakeup) {
        self.wakeup.withLock { $0 = wakeup }
        // What became durable before is to be noticed too.
        wakeup.wake()
    }

    func wake() { wakeup.withLock { $0?.wake() } }
}
