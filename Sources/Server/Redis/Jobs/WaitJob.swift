import Protocol
import Redis
import UV

/// WAIT: how many members beside the primary have the connection's last write durably. Asks again until there are
/// enough or the patience is over.
final class WaitJob: RedisJob {
    private static let pause = Duration.milliseconds(2)
    /// What stands for `without end`.
    private static let patienceMax = Duration.seconds(3_600)

    private let wanted: Int64
    private let patience: Duration
    private var deadline = ContinuousClock.now
    private var timer: Timer?
    private weak var conversation: RedisConversation?

    init(_ wanted: Int64, _ patience: Duration?) {
        self.wanted = wanted
        self.patience = min(patience ?? Self.patienceMax, Self.patienceMax)
    }

    func begin(_ conversation: RedisConversation) {
        self.conversation = conversation
        deadline = ContinuousClock.now + patience
        ask()
    }

    private func ask() {
        guard let conversation else { return }
        guard let write = conversation.lastWrite else { return conversation.finish { $0.integer(0) } }
        conversation.ask(.query(.holders(write.version)), slot: write.slot, tag: 0)
    }

    func take(_ outcome: Outcome, of tag: Int) {
        guard let conversation else { return }
        var holders: UInt64 = 0
        if case .answer(.count(let count)) = outcome { holders = count }
        guard Int64(clamping: holders) < wanted, ContinuousClock.now < deadline else {
            timer?.close()
            return conversation.finish { $0.integer(Int64(clamping: holders)) }
        }
        let timer = timer ?? Timer(conversation.clients.loop) { [weak self] in self?.ask() }
        self.timer = timer
        timer.start(after: Self.pause)
    }

    func hurry() { deadline = ContinuousClock.now }
    func cancel() { timer?.close() }
}
