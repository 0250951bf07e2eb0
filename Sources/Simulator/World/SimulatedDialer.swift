import Cluster
import Protocol

/// An address that a node wants a connection to.
final class SimulatedDialer {
    /// Nil: whoever answers.
    let intended: NodeID?
    var address: NodeAddress
    /// The attempt under way, and since when.
    var attempt: (connection: Connection, since: Instant)?
    /// Whether somebody of the ring has answered there.
    var wasReached = false
    private var delay = Duration.milliseconds(50)
    private(set) var dueAt = Instant.zero

    init(intended: NodeID?, address: NodeAddress) {
        self.intended = intended
        self.address = address
    }

    func succeed() {
        attempt = nil
        wasReached = true
        delay = .milliseconds(50)
        dueAt = .zero
    }

    func fail(at now: Instant) {
        attempt = nil
        dueAt = now + delay
        delay = min(delay * 2, .seconds(1))
    }

    func hurry() {
        delay = .milliseconds(50)
        dueAt = .zero
    }
}
