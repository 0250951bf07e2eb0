/// Ring records, all of them or those that the other side lacks.
package struct RecordExchange: Equatable, Sendable {
    package let records: [RingRecord]
    /// Whether the receiver shall send its own back.
    package let wantsReply: Bool

    package init(records: [RingRecord], wantsReply: Bool) {
        self.records = records
        self.wantsReply = wantsReply
    }
}

extension RecordExchange: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(wantsReply)
        writer.write(records)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let wantsReply = try reader.readBool()
        self.init(records: try reader.readArray(elementBytesMin: 42), wantsReply: wantsReply)
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
