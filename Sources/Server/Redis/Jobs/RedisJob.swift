import Protocol
import Redis

/// A command that takes several questions to slots. It ends with `RedisConversation.finish`, once.
protocol RedisJob: AnyObject {
    func begin(_ conversation: RedisConversation)
    func take(_ outcome: Outcome, of tag: Int)
    /// The client sends nothing more, and may be gone.
    func hurry()
    /// The connection has closed.
    func cancel()
}

extension RedisJob {
    func hurry() {}
    func cancel() {}
}
