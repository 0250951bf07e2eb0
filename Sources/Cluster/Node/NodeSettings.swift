import Protocol

/// Who a node is when it starts, and what was set of it.
package struct NodeSettings: Sendable {
    package var member: Member
    /// As others reach it.
    package var address: NodeAddress
    package var zone = ""
    package var weight: UInt16 = 1
    /// How many copies the ring keeps of each slot.
    package var replicas = 3
    /// After how long a dead node's slots go to others.
    package var evictAfter = Duration.seconds(60)
    /// How long a departure may take before it is given up.
    package var leaveTimeout = Duration.seconds(600)
    /// Where its data is, in words for the operator.
    package var place = "memory"
    /// The slots that the ring has: fewer than all (nil) only where a test wants a small ring.
    package var slots: [Slot]?
    package var replication = ReplicatorSettings()
    package var membership = MembershipSettings()

    package init(member: Member, address: NodeAddress) {
        self.member = member
        self.address = address
    }
}
