/// One step of a full exchange of what two nodes know of their ring. It begins with a digest alone; who
/// knows otherwise answers with all its rumors and, if it has not seen them, asks for those of the sender.
package struct RecordExchange: Equatable, Sendable {
    /// Of all that the sender knows: who knows the same has nothing to say.
    package let digest: UInt64
    package let rumors: [Rumor]
    /// Whether the receiver shall send what it knows, if its digest differs.
    package let wantsReply: Bool

    package init(digest: UInt64, rumors: [Rumor], wantsReply: Bool) {
        self.digest = digest
        self.rumors = rumors
        self.wantsReply = wantsReply
    }
}

extension RecordExchange: WireFormat {
    private static let rumorBytesMin = 35

    package func write(to writer: inout ByteWriter) {
        writer.write(digest)
        writer.write(wantsReply)
        writer.write(rumors)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let digest = try reader.readUInt64()
        let wantsReply = try reader.readBool()
        let rumors: [Rumor] = try reader.readArray(elementBytesMin: Self.rumorBytesMin)
        self.init(digest: digest, rumors: rumors, wantsReply: wantsReply)
    }
}

/// A decided configuration and its slot.
package struct SlotConfiguration: Hashable, Sendable {
    package let slot: Slot
    package let configuration: Configuration

    package init(slot: Slot, configuration: Configuration) {
        self.slot = slot
        self.configuration = configuration
    }
}

extension SlotConfiguration: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(configuration)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        self.init(slot: slot, configuration: try reader.read())
    }
}
