import Dispatch
import Synchronization

/// One value on its way from the loop's thread to one that waits for it.
final class Reply<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    /// Once.
    func deliver(_ value: Value) {
        self.value.withLock { $0 = value }
        arrived.signal()
    }

    /// Blocks until it is there. Once.
    func wait() -> Value? {
        arrived.wait()
        return value.withLock { $0 }
    }
}
