/// A copy of a slot that lost its majority, as its node has it.
package struct SlotCopy: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    /// The last write that it durably has.
    package let position: Version
    package let isComplete: Bool

    package init(slot: Slot, epoch: Epoch, position: Version, isComplete: Bool) {
        self.slot = slot
        self.epoch = epoch
        self.position = position
        self.isComplete = isComplete
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

extension SlotCopy: WireFormat {
    package static let wireBytesMin = 15

    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(position)
        writer.write(isComplete)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let position: Version = try reader.read()
        self.init(slot: slot, epoch: epoch, position: position, isComplete: try reader.readBool())
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
