import Protocol
import Redis

/// KEYS: all keys that match.
final class KeysJob: RedisJob {
    /// Bytes of keys in one reply.
    private static let bytesMax = Limits.clientOutputBytesMax / 2

    private let pattern: [UInt8]
    private var keys: [[UInt8]] = []
    private var bytes = 0
    private var walk: RingWalk?
    private weak var conversation: RedisConversation?

    init(_ pattern: [UInt8]) { self.pattern = pattern }

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        let walk = RingWalk(conversation, from: RingWalk.Position(slot: 0), pageMax: 1_000)
        walk.onKeys = { [unowned self] _, keys, _ in take(keys) }
        walk.onEnd = { [unowned self] in end($0) }
        self.walk = walk
        walk.begin()
    }

    func take(_ outcome: Outcome, of tag: Int) { walk?.take(outcome, of: tag) }

    private func take(_ found: [[UInt8]]) -> RingWalk.Verdict {
        for key in found where Glob.matches(pattern, key) {
            keys.append(key)
            bytes += key.count + 16
        }
        guard bytes > Self.bytesMax else { return .goOn }
        end(RedisFault("ERR more than \(Self.bytesMax) bytes of keys match: use SCAN"))
        return .stop
    }

    private func end(_ fault: RedisFault?) {
        let keys = keys
        conversation?.finish { writer in
            if let fault { writer.refuse(fault) } else { writer.bulks(keys) }
        }
    }
}
