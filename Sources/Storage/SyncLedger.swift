import Cluster

/// Which tickets are handed out, synced and durable: the bookkeeping between the loop thread, which closes
/// batches, and the sync thread. A value, without a clock or a thread, so that its laws can be tested.
///
/// Invariants: `durable` never falls, and never passes `last`; it passes a ticket that must be synced only
/// after a sync that began when its batch was appended, and none whose batch ends beyond the room; nothing
/// moves after a failure.
struct SyncLedger {
    private let policy: SyncPolicy
    /// The highest ticket handed out. What it covers is appended, synced or not.
    private(set) var last: Ticket = 0
    private(set) var durable: Ticket = 0
    private(set) var failure: StoreError?
    /// The highest ticket whose batch held changes.
    private var changed: Ticket = 0
    /// Everything up to this ticket is synced.
    private var synced: Ticket = 0
    /// What must be synced before a later ticket than this, or this, is durable.
    private var barrier: Ticket = 0
    /// How far batches may reach, in bytes. What reaches beyond is durable once there is room, so that those who wait for it
    /// send no more meanwhile.
    private var room: Int
    /// The batches that reach beyond it, in their order.
    private var crowded: [(ticket: Ticket, end: Int)] = []

    init(policy: SyncPolicy, room: Int = .max) {
        self.policy = policy
        self.room = room
    }

    /// Whether the latest batch waits for room.
    var isCrowded: Bool { !crowded.isEmpty }

    /// A ticket waits for a sync.
    var needsSync: Bool { failure == nil && barrier > synced }
    /// There are changes that no sync has covered.
    var isDirty: Bool { failure == nil && changed > synced }

    /// Hands out the ticket of a batch that is appended.
    /// - Parameter end: where it ends, in bytes; never less than before.
    mutating func close(hasChanges: Bool, mustSync: Bool, end: Int = 0) -> Ticket {
        last += 1
        if end > room { crowded.append((last, end)) }
        if hasChanges { changed = last }
        if (mustSync || policy == .always) && changed > synced { barrier = changed }
        settle()
        return last
    }

    /// A sync that began when `ticket` was the last one has succeeded.
    mutating func finishSync(upTo ticket: Ticket) {
        synced = max(synced, ticket)
        settle()
    }

    /// There is room up to `end` now, never less than before.
    mutating func makeRoom(to end: Int) {
        room = end
        crowded.removeFirst(crowded.prefix { $0.end <= end }.count)
        settle()
    }

    /// The first failure stays.
    mutating func fail(_ error: StoreError) {
        if failure == nil { failure = error }
    }

    private mutating func settle() {
        guard failure == nil else { return }
        let reached = barrier > synced ? synced : last
        durable = max(durable, crowded.first.map { min(reached, $0.ticket - 1) } ?? reached)
    }
}
