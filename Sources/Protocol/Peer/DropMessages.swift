/// A node that holds a slot of which it is no member asks whether it may give up its copy.
package struct DropQuery: Equatable, Sendable {
    package let item: SlotEpoch
    /// What the copy adds up to, and where; nil: it is not whole, or known to be wrong.
    package let copy: Vouch?

    package init(_ item: SlotEpoch, copy: Vouch?) {
        self.item = item
        self.copy = copy
    }
}

/// Why a copy is not to be given up yet, by word of the slot's primary.
package struct DropDelay: Equatable, Sendable {
    /// The numbers are on the wire: do not change them.
    package enum Obstacle: UInt8, Sendable {
        /// The slot is about to change hands, or just has.
        case changing = 1
        /// The primary counts on this copy.
        case wanted = 2
        /// These new members have not been complete yet.
        case incomplete = 3
        /// These have not said yet what their copies add up to.
        case uncompared = 4
        /// The copies of these add up to something else than the primary's.
        case differing = 5
        /// The copy that is to go adds up to something else than those of the new members.
        case unlike = 6
    }

    package let item: SlotEpoch
    package let obstacle: Obstacle
    /// Who has to do something about it.
    package let nodes: [NodeID]

    package init(_ item: SlotEpoch, _ obstacle: Obstacle, nodes: [NodeID]) {
        self.item = item
        self.obstacle = obstacle
        self.nodes = nodes
    }
}

extension DropQuery: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(item)
        writer.write(copy)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let item: SlotEpoch = try reader.read()
        self.init(item, copy: try reader.readOptional())
    }
}

extension DropDelay: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(item)
        writer.write(obstacle.rawValue)
        writer.write(nodes)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let item: SlotEpoch = try reader.read()
        guard let obstacle = Obstacle(rawValue: try reader.readUInt8()) else { throw .invalid("obstacle") }
        self.init(item, obstacle, nodes: try reader.readArray(elementBytesMin: 2))
    }
}
