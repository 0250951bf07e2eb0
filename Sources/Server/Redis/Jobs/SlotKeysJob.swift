import Protocol
import Redis

/// CLUSTER GETKEYSINSLOT and COUNTKEYSINSLOT.
final class SlotKeysJob: RedisJob {
    private let slot: Slot
    /// Nil: only how many there are.
    private let countMax: Int?
    private var keys: [[UInt8]] = []
    private weak var conversation: RedisConversation?

    init(_ slot: Slot, countMax: Int?) {
        self.slot = slot
        self.countMax = countMax
    }

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        ask(after: nil)
    }

    private func ask(after: [UInt8]?) {
        let left = min((countMax ?? 0) - keys.count, 10_000)
        conversation?.ask(.query(.keys(after: after, countMax: UInt32(max(left, 0)))), slot: slot, tag: 0)
    }

    func take(_ outcome: Outcome, of tag: Int) {
        guard case .answer(.keys(let found, let after, let total)) = outcome else {
            return conversation?.finish { $0.refuse(RedisFault(outcome)) } ?? ()
        }
        guard let countMax else { return conversation?.finish { $0.integer(Int64(clamping: total)) } ?? () }
        keys += found
        if after != nil, keys.count < countMax { return ask(after: after) }
        let keys = keys
        conversation?.finish { $0.bulks(keys) }
    }
}
