import Cluster
import Protocol
import UV

/// One address that is to be connected to, and when it is tried next.
final class Dialer {
    static let firstDelay = Duration.milliseconds(50)
    static let longestDelay = Duration.seconds(1)
    /// How often in a row a connection that is reset is tried again at once.
    private static let resetsMax = 4

    /// Who is expected there; nil: whoever answers.
    let intended: NodeID?
    var address: NodeAddress
    private var delay = Dialer.firstDelay
    private var resets = 0
    private(set) var dueAt = Instant.zero
    /// The attempt under way.
    var link: PeerLink?
    var isResolving = false
    /// Addresses of the same name that are still to be tried in this attempt.
    var rest: [SocketAddress] = []
    /// Whether each address of this attempt refused the connection.
    var allRefused = true
    /// Whether somebody of the ring has answered there.
    var wasReached = false
    /// What was logged last, so that the same is not said again and again.
    var lastComplaint: String?

    init(intended: NodeID?, address: NodeAddress) {
        self.intended = intended
        self.address = address
    }

    var isBusy: Bool { link != nil || isResolving }

    func succeed() {
        link = nil
        wasReached = true
        resets = 0
        delay = Dialer.firstDelay
        dueAt = .zero
        lastComplaint = nil
    }

    func fail(now: Instant) {
        link = nil
        dueAt = now + delay
        delay = min(delay * 2, Dialer.longestDelay)
    }

    /// While a process ends, its port still takes connections and breaks them off; a moment later it refuses them,
    /// and everybody who waits for its slots waits for that.
    /// - Returns: whether to dial again without delay.
    func shouldInsist() -> Bool {
        resets += 1
        return resets <= Dialer.resetsMax
    }

    /// To be tried at the next opportunity.
    func hurry() {
        resets = 0
        delay = Dialer.firstDelay
        dueAt = .zero
    }
}
