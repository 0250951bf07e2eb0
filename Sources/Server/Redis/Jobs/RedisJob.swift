import Protocol
import Redis

/// A command that takes several questions to slots. It ends with `RedisConversation.finish`, once.
protocol RedisJob: AnyObject {
    func begin(_ conversation: RedisConversation)
    func take(_ outcome: Outcome, of tag: Int)
    /// The connection has closed.
    func cancel()
}

extension RedisJob {
    func cancel() {}
}
