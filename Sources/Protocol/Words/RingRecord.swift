/// What the ring knows for ever of a node. A CRDT: of two records of one node the higher
/// (incarnation, status) wins, so records may be merged in any order, any number of times.
package struct RingRecord: Hashable, Sendable {
    /// A node's standing in the ring, in the order in which it wins. The numbers are on disk and on the
    /// wire: do not change them.
    package enum Status: UInt8, Comparable, Sendable, CaseIterable {
        /// Known, but not yet to be given slots.
        case joining = 0
        /// Takes its share of the slots.
        case active = 1
        /// Evicted after a long death: the targets leave it out. It takes that back itself when it returns.
        case down = 2
        /// On its way out: its slots go to others.
        case leaving = 3
        /// Out of the ring for ever, this disk of it.
        case gone = 4

        package static func < (left: Status, right: Status) -> Bool { left.rawValue < right.rawValue }
    }

    package static let weightMax: UInt16 = 64
    package static let zoneLengthMax = 64

    package let member: Member
    package let address: NodeAddress
    package let zone: String
    /// 1 is an ordinary node; a node of weight 2 takes twice as many slots.
    package let weight: UInt16
    /// Counts the node's starts and refutations; only the node itself raises it.
    package let incarnation: UInt64
    package let status: Status

    package init(
        member: Member, address: NodeAddress, zone: String, weight: UInt16, incarnation: UInt64,
        status: Status
    ) {
        self.member = member
        self.address = address
        self.zone = zone
        self.weight = weight
        self.incarnation = incarnation
        self.status = status
    }

    package var node: NodeID { member.node }

    /// Whether this record replaces `other`, which is of the same node. Two records that agree in
    /// incarnation and status but not in the rest (two disks under one id) are ordered by the rest, all of
    /// it, so that every node keeps the same one. Text is compared as bytes: Unicode takes two spellings of
    /// one text for equal, which have different digests.
    package func supersedes(_ other: RingRecord) -> Bool {
        let ranks = (incarnation, status, member.disk, weight, address.port)
        let others = (other.incarnation, other.status, other.member.disk, other.weight, other.address.port)
        if ranks != others { return ranks > others }
        let (host, otherHost) = (address.host.utf8, other.address.host.utf8)
        if !host.elementsEqual(otherHost) { return otherHost.lexicographicallyPrecedes(host) }
        return other.zone.utf8.lexicographicallyPrecedes(zone.utf8)
    }

    /// The same record with another status and, where given, another incarnation.
    package func with(status: Status, incarnation: UInt64? = nil) -> RingRecord {
        RingRecord(
            member: member, address: address, zone: zone, weight: weight,
            incarnation: incarnation ?? self.incarnation, status: status)
    }

    /// The status in the words of STATUS and the logs.
    package var statusName: String {
        switch status {
        case .joining: "joining"
        case .active: "active"
        case .down: "down"
        case .leaving: "leaving"
        case .gone: "gone"
        }
    }
}
