import Protocol
import Redis

/// Walks over the keys of the ring, slot by slot in order, several slots asked at a time.
///
/// A key that is there throughout is seen at least once: a slot is asked from its beginning to its end, each page of it
/// from its primary, whoever that is then.
final class RingWalk {
    /// From where to go on.
    struct Position: Equatable {
        var slot: Int
        /// Within the slot; nil: from its first key on.
        var after: [UInt8]?
        var isAtEnd: Bool { slot >= Slot.count }
    }

    enum Verdict { case goOn, stop }

    /// A page: its keys, and where the next one begins. The last call of it, where it says stop.
    var onKeys: (_ slot: Slot, _ keys: [[UInt8]], _ next: Position) -> Verdict = { _, _, _ in .stop }
    /// All has been walked over, or a slot does not answer.
    var onEnd: (RedisFault?) -> Void = { _ in }

    private static let windowMax = 128
    private unowned let conversation: RedisConversation
    private let pageMax: UInt32
    private let tags: Int
    private let withExpired: Bool
    private var position: Position
    /// Pages of slots that are asked ahead; nil: under way.
    private var pages: [Int: Outcome?] = [:]
    private var asked: Int
    private var window = 8
    private var isOver = false
    /// Whether answers are being taken: one may come while its question is asked.
    private var isTaking = false

    /// - Parameters:
    ///   - tags: a multiple of 2¹⁶ from which its tags count: to tell it from the walks before.
    ///   - pageMax: keys of a page.
    ///   - withExpired: also keys that have expired and are not removed yet.
    init(
        _ conversation: RedisConversation, from position: Position, pageMax: Int, tags: Int = 0,
        withExpired: Bool = false
    ) {
        self.withExpired = withExpired
        self.conversation = conversation
        self.tags = tags
        self.position = position
        self.pageMax = UInt32(clamping: pageMax)
        asked = position.slot
    }

    func begin() {
        askAhead()
        handlePages()
    }

    func take(_ outcome: Outcome, of tag: Int) {
        guard !isOver, (tags..<(tags + Slot.count)).contains(tag) else { return }
        pages[tag - tags] = .some(outcome)
        handlePages()
    }

    private func handlePages() {
        guard !isTaking else { return }
        isTaking = true
        while !isOver, case .some(.some(let page)) = pages[position.slot] {
            pages[position.slot] = nil
            handle(page)
        }
        isTaking = false
    }

    private func handle(_ page: Outcome) {
        guard let slot = Slot(position.slot) else { return end(nil) }
        guard case .answer(.keys(let keys, let after, _)) = page else { return end(RedisFault(page)) }
        if let after {
            position.after = after
        } else {
            position = Position(slot: position.slot + 1)
        }
        if case .stop = onKeys(slot, keys, position) {
            isOver = true
        } else if position.isAtEnd {
            end(nil)
        } else {
            // Where slots hold little, several fit into a page; what is asked in vain is asked again.
            window = keys.count * 8 <= pageMax ? min(window * 2, Self.windowMax) : max(window / 2, 8)
            if position.after != nil { ask(position.slot, after: position.after) }
            askAhead()
        }
    }

    private func askAhead() {
        let redis = conversation.clients.redis
        while !isOver, asked < Slot.count, asked < position.slot + window {
            asked += 1
            if let slot = Slot(asked - 1), redis.walksOver(slot) || asked - 1 == position.slot && position.after != nil {
                ask(asked - 1, after: asked - 1 == position.slot ? position.after : nil)
            } else {
                pages[asked - 1] = .some(.answer(.keys([], after: nil, total: 0)))
            }
        }
    }

    private func ask(_ number: Int, after: [UInt8]?) {
        guard let slot = Slot(number) else { return }
        pages[number] = .some(nil)
        conversation.ask(
            .query(.keys(after: after, countMax: pageMax, withExpired: withExpired)), slot: slot, tag: tags + number)
    }

    private func end(_ fault: RedisFault?) {
        isOver = true
        onEnd(fault)
    }
}
