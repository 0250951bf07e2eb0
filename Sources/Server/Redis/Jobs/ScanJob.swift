import Protocol
import Redis

/// SCAN: one call of it.
final class ScanJob: RedisJob {
    /// Slots of one call that hold nothing.
    private static let emptySlotsMax = 2_048

    private let request: ScanRequest
    private var walk: RingWalk?
    private var keys: [[UInt8]] = []
    private var seen = 0
    private var slots = 0
    /// Searches the place of a cursor that the node does not know.
    private var isSearching = false
    private var begun: RingWalk.Position
    private weak var conversation: RedisConversation?

    init(_ request: ScanRequest) {
        self.request = request
        begun = RingWalk.Position(slot: request.cursor.slot)
    }

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        if request.cursor.mark != 0 {
            begun.after = conversation.clients.redis.cursors.key(of: request.cursor)
            isSearching = begun.after == nil
        }
        start(begun, in: conversation)
    }

    private func start(_ position: RingWalk.Position, in conversation: RedisConversation) {
        let walk = RingWalk(
            conversation, from: position, pageMax: isSearching ? 1_000 : request.count,
            tags: isSearching ? 1 << 16 : 0)
        walk.onKeys = { [unowned self] in take($1, $2, of: $0) }
        walk.onEnd = { [unowned self] in end($0) }
        self.walk = walk
        walk.begin()
    }

    func take(_ outcome: Outcome, of tag: Int) { walk?.take(outcome, of: tag) }

    private func take(_ found: [[UInt8]], _ next: RingWalk.Position, of slot: Slot) -> RingWalk.Verdict {
        if isSearching { return search(found, next, slot) }
        seen += found.count
        keys += found.filter(request.matches)
        if next.after == nil { slots += 1 }
        guard seen >= request.count || slots >= Self.emptySlotsMax, !next.isAtEnd else { return .goOn }
        finish(next)
        return .stop
    }

    /// Where the cursor's key is no more, the slot begins anew: some keys are seen twice, none is left out.
    private func search(_ found: [[UInt8]], _ next: RingWalk.Position, _ slot: Slot) -> RingWalk.Verdict {
        guard next.slot == begun.slot || found.contains(where: isMark) else { return restart(at: nil) }
        guard let key = found.first(where: isMark) else { return .goOn }
        return restart(at: key)
    }

    private func isMark(_ key: [UInt8]) -> Bool { ScanCursor.mark(of: key) == request.cursor.mark }

    private func restart(at key: [UInt8]?) -> RingWalk.Verdict {
        isSearching = false
        begun.after = key
        if let conversation { start(begun, in: conversation) }
        return .stop
    }

    private func finish(_ next: RingWalk.Position) {
        guard let conversation else { return }
        let cursor = next.isAtEnd ? ScanCursor(rawValue: 0) : conversation.clients.redis.cursors.keep(next)
        let keys = keys
        conversation.finish { writer in
            writer.array(2)
            writer.bulk(String(cursor.rawValue))
            writer.bulks(keys)
        }
    }

    private func end(_ fault: RedisFault?) {
        if let fault {
            conversation?.finish { $0.refuse(fault) }
        } else {
            finish(RingWalk.Position(slot: Slot.count))
        }
    }
}
