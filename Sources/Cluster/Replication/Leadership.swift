import CProcessor
import Protocol

/// What the primary of a slot keeps while it leads.
package final class Leadership {
    ///     opening ──▶ open ──▶ closing ──▶ (a new epoch)
    ///                   ▲─────────┘ the change did not come about
    package enum Phase: Equatable, Sendable {
        /// Until a majority of the epoch's members is complete nothing is served.
        case opening
        case open
        /// A change of members or primary is wanted: new writes wait, those under way finish.
        case closing(next: [Member], since: Instant)
    }

    package internal(set) var phase = Phase.opening {
        didSet { replica.phaseChanged(from: oldValue, to: phase) }
    }
    /// The streams to the other members, in their order, then to learners.
    package internal(set) var flows: [Flow]
    var waiting = WaitingWrites()
    /// The last version that every member was known to have durably.
    var stable = Version.zero
    var passage: Passage?
    /// What the primary's own copy added up to when it opened, before any write of its epoch: other copies that stand
    /// there must add up to the same.
    var opened: Vouch?
    /// Whether somebody's copy that is to go was seen to add up to something else.
    var hasDoubted = false
    /// Whether the ballot that belongs to the primary of the epoch has been used.
    var hasProposed = false

    /// Keeps this as its leadership.
    unowned let replica: Replica

    init(of replica: Replica, flows: [Flow]) {
        self.replica = replica
        self.flows = flows
    }

    var isOpening: Bool { if case .opening = phase { true } else { false } }

    /// Whether that member said on this connection that it is complete and unsealed.
    func isDeclared(_ member: Member) -> Bool { flow(to: member)?.isDeclared ?? false }

    func flow(to member: Member) -> Flow? { flows.first { $0.member == member } }

    // MARK: Fetching from memory, each step after the one before (`Replicator.forEachAhead`)

    @inline(__always)
    func expect() {
        torc_prefetch(address(of: flows))
        waiting.expect()
    }

    @inline(__always)
    func expectFlows() {
        flows.withUnsafeBytes { bytes in
            for index in 0..<flows.count {
                let flow = bytes.load(fromByteOffset: index * MemoryLayout<Flow>.stride, as: UnsafeRawPointer.self)
                for line in 0..<2 { torc_prefetch(flow + line * 64) }
            }
        }
    }
}

/// The stream of a slot from its primary to one member or learner.
package final class Flow {
    package let member: Member
    /// The node of that member, whoever answers there at present.
    let peer: PeerConnection
    /// Whether it is one of the members; else a learner.
    let isMember: Bool
    /// The last version sent on this connection; nil: nothing can be sent yet.
    package var sent: Version?
    /// What it has durably, as it said on this connection.
    package var acknowledged = Version.zero
    /// Whether it declared itself complete and unsealed on this connection.
    package var isDeclared = false
    /// Under which ballot of this primary it has accepted the next configuration, as it said on this connection.
    var accepted: Ballot?
    /// Whether it has spoken of a later epoch on this connection.
    var isAhead = false
    /// Whether `isDeclared` is known from its acceptance, and its own word is still under way.
    var isAssumed = false
    /// Whether it was ever complete in this epoch: that is durable and outlives connections.
    package var wasComplete = false
    /// Whether a learner was invited on this connection.
    package var isInvited = false
    /// What it was last told to be committed.
    var commitSent = Version.zero

    init(to member: Member, _ peer: PeerConnection, isMember: Bool) {
        self.member = member
        self.peer = peer
        self.isMember = isMember
    }

    /// What a broken connection leaves: nothing said on it counts any more.
    func reset() {
        sent = nil
        acknowledged = .zero
        isDeclared = false
        accepted = nil
        isAhead = false
        isAssumed = false
        isInvited = false
        commitSent = .zero
    }
}

/// Where the answer to a request goes.
package enum Origin: Equatable, Sendable {
    /// The coordinator of this node.
    case coordinator
    /// The coordinator of another one, over the connection of that number.
    case peer(NodeID, session: UInt64)
}

/// A write in the log that has not been answered.
struct WaitingWrite {
    let version: Version
    /// What it will be answered.
    let outcome: Outcome
    let number: UInt64
    let consistency: Consistency
    let origin: Origin
    let since: Instant
}

/// A request that the primary cannot take up yet.
struct HeldRequest {
    let request: ForwardedRequest
    let origin: Origin
    let since: Instant
}
