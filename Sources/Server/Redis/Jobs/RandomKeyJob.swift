import Protocol
import Redis

/// RANDOMKEY: some key of the first slot that has one, from a slot drawn at random.
final class RandomKeyJob: RedisJob {
    private let first = Int.random(in: 0..<Slot.count)
    private var hasWrapped = false
    private var walk: RingWalk?
    private weak var conversation: RedisConversation?

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        start(from: first)
    }

    func take(_ outcome: Outcome, of tag: Int) { walk?.take(outcome, of: tag) }

    private func start(from slot: Int) {
        guard let conversation else { return }
        let walk = RingWalk(
            conversation, from: RingWalk.Position(slot: slot), pageMax: 100, tags: hasWrapped ? 1 << 16 : 0)
        walk.onKeys = { [unowned self] _, keys, next in take(keys, next) }
        walk.onEnd = { [unowned self] in end($0) }
        self.walk = walk
        walk.begin()
    }

    private func take(_ keys: [[UInt8]], _ next: RingWalk.Position) -> RingWalk.Verdict {
        if let key = keys.randomElement() {
            conversation?.finish { $0.bulk(key) }
            return .stop
        }
        guard hasWrapped, next.slot > first else { return .goOn }
        conversation?.finish { $0.null() }
        return .stop
    }

    private func end(_ fault: RedisFault?) {
        if let fault {
            conversation?.finish { $0.refuse(fault) }
        } else if hasWrapped {
            conversation?.finish { $0.null() }
        } else {
            hasWrapped = true
            start(from: 0)
        }
    }
}
