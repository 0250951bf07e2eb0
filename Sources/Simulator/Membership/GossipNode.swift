import Cluster
import Protocol

/// One node of a `GossipRing`: its membership, and the machine around it.
package final class GossipNode {
    package enum State {
        case running
        /// Standing still; what comes waits in its sockets.
        case paused
        case killed
    }

    /// A change in how it sees another node.
    package struct Change: CustomStringConvertible {
        package let at: Instant
        package let node: NodeID
        package let liveness: Liveness

        package var description: String { "\(at.microseconds) \(node) \(liveness)" }
    }

    package let index: Int
    package let id: NodeID
    package internal(set) var membership: Membership
    package internal(set) var state = State.running
    package internal(set) var disk: UInt64
    package internal(set) var address: NodeAddress
    /// Every liveness change that it reported.
    package var changes: [Change] = []
    /// What it told its operator: refutations, conflicts, and why it would have to stop.
    package var effects: [MembershipEffect] = []
    package internal(set) var traffic = GossipTraffic()

    let clock: NodeClock
    /// What came while it was paused.
    var waiting: [GossipEvent] = []

    init(index: Int, record: RingRecord, membership: Membership, clock: NodeClock) {
        self.index = index
        id = record.node
        disk = record.member.disk.rawValue
        address = record.address
        self.membership = membership
        self.clock = clock
    }
}
