import Protocol
import Redis

/// WATCH: finds out what is under the keys.
final class WatchJob: RedisJob {
    private let keys: [[UInt8]]
    /// In the order of the keys.
    private var found: [Session.Watched?] = []
    private var missing = 0
    private var fault: RedisFault?
    private weak var conversation: RedisConversation?

    init(_ keys: [[UInt8]]) { self.keys = keys }

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        missing = keys.count
        found = Array(repeating: nil, count: keys.count)
        for (tag, key) in keys.enumerated() { conversation.ask(.get, key: key, slot: Slot(key: key), tag: tag) }
    }

    func take(_ outcome: Outcome, of tag: Int) {
        missing -= 1
        switch outcome {
        case .found(let entry): found[tag] = Session.Watched(key: keys[tag], version: entry.version)
        case .notFound: found[tag] = Session.Watched(key: keys[tag], version: nil)
        default: fault = RedisFault(outcome)
        }
        guard missing == 0, let conversation else { return }
        if let fault { return conversation.finish { $0.refuse(fault) } }
        conversation.watch(found.compactMap(\.self))
        conversation.finish { $0.ok() }
    }
}
