import Cluster
import Protocol

/// One stream connection: what is sent on it arrives in order, or from some moment on not at all.
final class Connection {
    enum Payload {
        case hello(Hello)
        case welcome(Welcome)
        /// In its form on the wire.
        case message([UInt8])
        case closed
    }

    /// What one side of it knows. 0 is the side that dialled.
    struct End {
        let node: Int
        /// Which life of the node it belongs to; nil: nobody has taken it up yet.
        var life: Int?
        var isClosed = false
        var lastSent: Instant
        var lastHeard: Instant
        /// When the last of what was sent to this end arrives.
        var lastArrival: Instant
        /// What waits because the way to this end is clogged.
        var parked: [Payload] = []
        /// Of the node at the other end, when the connection was made.
        var peerIncarnation: UInt64 = 0

        init(node: Int, life: Int?, now: Instant) {
            self.node = node
            self.life = life
            lastSent = now
            lastHeard = now
            lastArrival = now
        }
    }

    let number: Int
    /// Who is expected at the other side; nil: whoever answers.
    let intended: NodeID?
    let address: NodeAddress
    /// The incarnation with which the side that dialled introduced itself.
    var introduced: UInt64 = 0
    var ends: [End]
    /// Nothing arrives after this.
    var brokenAt: Instant?

    init(
        number: Int, from dialer: Int, life: Int, to acceptor: Int, at address: NodeAddress,
        intended: NodeID?, now: Instant
    ) {
        self.number = number
        self.intended = intended
        self.address = address
        ends = [End(node: dialer, life: life, now: now), End(node: acceptor, life: nil, now: now)]
    }

    /// Which end is that node's.
    func end(of node: Int) -> Int { ends[0].node == node ? 0 : 1 }
}
