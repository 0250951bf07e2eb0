import Protocol
import Redis

/// DBSIZE: the keys of the slots that each node leads, added up.
final class CountJob: RedisJob {
    private weak var conversation: RedisConversation?

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        conversation.askKeyCount(tag: 0)
    }

    func take(_ outcome: Outcome, of tag: Int) {
        conversation?.finish { writer in
            if case .answer(.count(let count)) = outcome {
                writer.integer(Int64(clamping: count))
            } else {
                writer.refuse(RedisFault(outcome))
            }
        }
    }
}
