import Protocol

/// For each slot the nodes that should hold it, first the one that should lead: a wish, computed from the
/// ring records alone. Two nodes with the same records compute the same table, bit for bit.
///
/// Only active nodes take part. Where they are fewer than the replicas, each slot has all of them; where
/// there is none, no slot has any. Computing it takes 3 to 15 ms for up to 200 nodes, ten times that where
/// zones are too unequal to be kept apart: do it once for a ring digest.
package struct Targets: Equatable, Sendable {
    /// How many slots could not be placed within the rules.
    package struct Relaxed: Hashable, Sendable {
        /// With more replicas in a zone than need be.
        package var zoneSlots = 0
        /// With a node that has more than 1.10 of its fair share.
        package var loadSlots = 0
    }

    /// Who takes part, by node id.
    package let members: [Member]
    /// Nodes a slot: the replicas asked for, or as many as there are.
    package let replicas: Int
    /// The digest of the ring that this is the table of.
    package let ringDigest: UInt64
    package let relaxed: Relaxed

    /// Indices of `members`; those of slot s from s × replicas on.
    private let table: [Int32]
    private let places: [Int]
    private let firsts: [Int]

    /// `replicas` is taken as 1 when less and as `Configuration.membersMax` when more.
    package init(ring: Ring, replicas wanted: Int) {
        let records = ring.records.filter(\.takesPlaces)
        members = records.map(\.member)
        replicas = min(max(wanted, 1), Configuration.membersMax, records.count)
        ringDigest = ring.digest
        guard !records.isEmpty else {
            (relaxed, table, places, firsts) = (Relaxed(), [], [], [])
            return
        }

        // Zones are compared as bytes: Unicode's equality could differ from one library to the next.
        var zones: [[UInt8]: Int] = [:]
        let nodes = records.map { record in
            let next = zones.count
            let zone = zones[Array(record.zone.utf8), default: next]
            zones[Array(record.zone.utf8)] = zone
            return Placement.Node(weight: Int(record.weight), zone: zone)
        }
        let circle = TokenCircle(
            nodes: records.map { (Array($0.node.text.utf8), Int($0.weight)) }, slots: Slot.count)
        let placement = Placement(nodes: nodes, circle: circle, slots: Slot.count, replicas: replicas)
        (relaxed, table) = (placement.relaxed, placement.table)
        (places, firsts) = (placement.places, placement.firsts)
    }

    /// Who should hold `slot`, first the one that should lead. Empty when no node is active.
    package subscript(slot: Slot) -> [Member] {
        table[range(of: slot)].map { members[Int($0)] }
    }

    /// Who should lead `slot`; nil when no node is active.
    package func first(of slot: Slot) -> Member? {
        replicas == 0 ? nil : members[Int(table[slot.index * replicas])]
    }

    /// Whether `node` should hold `slot`.
    package func places(_ slot: Slot, at node: NodeID) -> Bool {
        guard let index = index(of: node) else { return false }
        return table[range(of: slot)].contains(Int32(index))
    }

    /// Whether exactly those who should hold `slot` are `present`, in whatever order.
    package func areMet(in slot: Slot, by present: [Member]) -> Bool {
        guard present.count == replicas else { return false }
        return table[range(of: slot)].allSatisfy { index in present.contains(members[Int(index)]) }
    }

    /// How many slots `node` should hold.
    package func placesHeld(by node: NodeID) -> Int { index(of: node).map { places[$0] } ?? 0 }

    /// How many slots `node` should lead.
    package func firstPlacesHeld(by node: NodeID) -> Int { index(of: node).map { firsts[$0] } ?? 0 }

    /// XXH3 of the whole table: equal digests, equal tables.
    package var digest: UInt64 {
        var writer = ByteWriter(reserving: table.count * 4)
        for index in table { writer.write(UInt32(bitPattern: index)) }
        return XXH3.hash(writer.bytes)
    }

    private func range(of slot: Slot) -> Range<Int> {
        (slot.index * replicas)..<((slot.index + 1) * replicas)
    }

    private func index(of node: NodeID) -> Int? {
        var low = 0
        var high = members.count
        while low < high {
            let middle = (low + high) / 2
            if members[middle].node < node { low = middle + 1 } else { high = middle }
        }
        return low < members.count && members[low].node == node ? low : nil
    }
}
