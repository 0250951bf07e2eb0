/// A copy of a slot that cannot go on by itself, as its node has it.
package struct SlotCopy: Equatable, Sendable {
    /// What is wrong with the slot. The numbers are on the wire: do not change them.
    package enum Trouble: UInt8, Sendable {
        /// A majority of its members is lost for ever.
        case majorityLost = 1
        /// Copies differ, and no digest has a majority.
        case differs = 2
    }

    /// How much of the slot a copy has. The numbers are on the wire: do not change them; more is more.
    package enum State: UInt8, Comparable, Sendable {
        case nothing = 0
        /// A copy that was under way: some keys of one state, some of another.
        case part = 1
        /// All of an earlier state, without what came after it.
        case old = 2
        /// All with which the present epoch began.
        case complete = 3

        package static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }
    }

    package let item: SlotEpoch
    package let trouble: Trouble
    package let state: State
    /// The last write that it durably has.
    package let position: Version
    /// How far its node once had the slot in this epoch.
    package let floor: Version
    package let keys: UInt64
    package let digest: UInt64

    package init(
        _ item: SlotEpoch, _ trouble: Trouble, _ state: State, position: Version, floor: Version, keys: UInt64,
        digest: UInt64
    ) {
        self.item = item
        self.trouble = trouble
        self.state = state
        self.position = position
        self.floor = floor
        self.keys = keys
        self.digest = digest
    }
}

/// What a node says before a repair.
package struct RepairReport: Equatable, Sendable {
    /// Of the configurations that it knows, as in `configurationDigests`.
    package let digests: [UInt64]
    package let copies: [SlotCopy]

    package init(digests: [UInt64], copies: [SlotCopy]) {
        self.digests = digests
        self.copies = copies
    }
}

/// An operator's word on one slot, to every node.
package struct RepairOrder: Equatable, Sendable {
    /// The numbers are on the wire: do not change them.
    package enum Kind: UInt8, Sendable {
        /// The members that are left decide what follows; what only lost ones had is lost.
        case goOn = 1
        /// None of the copies is complete: that of `source` is to count as complete at `position`, as it is.
        case beginAnew = 2
        /// The copies differ: that of `source` is the right one.
        case take = 3
    }

    package let item: SlotEpoch
    package let kind: Kind
    /// Where the others get what they lack; nil: from whoever has it.
    package let source: Member?
    package let position: Version

    package init(_ item: SlotEpoch, _ kind: Kind, source: Member? = nil, position: Version = .zero) {
        self.item = item
        self.kind = kind
        self.source = source
        self.position = position
    }
}

extension SlotCopy: WireFormat {
    package static let wireBytesMin = 40

    package func write(to writer: inout ByteWriter) {
        writer.write(item)
        writer.write(trouble.rawValue)
        writer.write(state.rawValue)
        writer.write(position)
        writer.write(floor)
        writer.write(keys)
        writer.write(digest)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let item: SlotEpoch = try reader.read()
        guard let trouble = Trouble(rawValue: try reader.readUInt8()) else { throw .invalid("trouble") }
        guard let state = State(rawValue: try reader.readUInt8()) else { throw .invalid("state of a copy") }
        let position: Version = try reader.read()
        let floor: Version = try reader.read()
        let keys = try reader.readUInt64()
        self.init(
            item, trouble, state, position: position, floor: floor, keys: keys, digest: try reader.readUInt64())
    }
}

extension RepairReport: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(UInt32(digests.count))
        for digest in digests { writer.write(digest) }
        writer.write(copies)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        var digests: [UInt64] = []
        for _ in 0..<(try reader.readCount(elementBytesMin: 8)) { digests.append(try reader.readUInt64()) }
        self.init(digests: digests, copies: try reader.readArray(elementBytesMin: SlotCopy.wireBytesMin))
    }
}

extension RepairOrder: WireFormat {
    package static let wireBytesMin = 16

    package func write(to writer: inout ByteWriter) {
        writer.write(item)
        writer.write(kind.rawValue)
        writer.write(source)
        writer.write(position)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let item: SlotEpoch = try reader.read()
        guard let kind = Kind(rawValue: try reader.readUInt8()) else { throw .invalid("repair order") }
        let source: Member? = try reader.readOptional()
        self.init(item, kind, source: source, position: try reader.read())
    }
}
