import Synchronization

/// Requests on their way from callers' threads to the loop.
final class Inbox: Sendable {
    private struct Content {
        var exchanges: [Exchange] = []
        var isClosed = false
    }

    private let content = Mutex(Content())

    /// False when it is closed; then nothing was added.
    func add(_ exchange: Exchange) -> Bool {
        content.withLock { content in
            if !content.isClosed { content.exchanges.append(exchange) }
            return !content.isClosed
        }
    }

    func close() { content.withLock { $0.isClosed = true } }

    /// What has come since the last time, and whether more can.
    func take() -> (exchanges: [Exchange], isClosed: Bool) {
        content.withLock { content in
            let taken = (content.exchanges, content.isClosed)
            content.exchanges = []
            return taken
        }
    }
}
