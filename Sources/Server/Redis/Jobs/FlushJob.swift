import Protocol
import Redis

/// FLUSHALL: deletes every key that is there when it comes to its slot, slot by slot.
final class FlushJob: RedisJob {
    /// Where the tags of deletions begin.
    private static let deletions = 1 << 20
    /// As many may be under way.
    private static let pageMax = 1_000

    private var walk: RingWalk?
    private var underWay = 0
    private var isWalkOver = false
    private var fault: RedisFault?
    private weak var conversation: RedisConversation?

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        let walk = RingWalk(conversation, from: RingWalk.Position(slot: 0), pageMax: Self.pageMax, withExpired: true)
        walk.onKeys = { [unowned self] slot, keys, _ in delete(keys, of: slot) }
        walk.onEnd = { [unowned self] in
            fault = fault ?? $0
            isWalkOver = true
            finishIfDone()
        }
        self.walk = walk
        walk.begin()
    }

    private func delete(_ keys: [[UInt8]], of slot: Slot) -> RingWalk.Verdict {
        guard let conversation, !keys.isEmpty else { return .goOn }
        underWay += 1
        let delete = Write(.delete, for: .forever)
        conversation.ask(
            .batch(keys.map { KeyedWrite(key: $0, write: delete, isRequired: false) }), slot: slot,
            tag: Self.deletions)
        return .goOn
    }

    func take(_ outcome: Outcome, of tag: Int) {
        guard tag == Self.deletions else { return walk?.take(outcome, of: tag) ?? () }
        underWay -= 1
        if case .batch = outcome {} else { fault = fault ?? RedisFault(outcome) }
        finishIfDone()
    }

    private func finishIfDone() {
        guard isWalkOver, underWay == 0 else { return }
        let fault = fault
        conversation?.finish { writer in
            if let fault { writer.refuse(fault) } else { writer.ok() }
        }
    }
}
