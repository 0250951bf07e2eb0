/// The mark of a configuration that an operator asked for, since a majority of the members before is lost for ever:
/// all the others decided it. It stays in the slot's chain, and begins a new one: its epoch is out of reach of
/// whatever the lost members decide among themselves, so who hears of both goes on with this one.
package struct Repair: Hashable, Sendable {
    /// The epoch that it follows.
    package let after: Epoch
    /// The members of that epoch that are lost: forgotten, or their disk has been replaced. Not empty.
    package let lost: [Member]
    /// Whose copy it begins with, where none that was left had all with which `after` began; nil: one had.
    package let source: Member?

    package init(after: Epoch, lost: [Member], source: Member? = nil) {
        self.after = after
        self.lost = lost
        self.source = source
    }
}

extension Repair: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(after)
        writer.write(lost)
        writer.write(source)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let after = try reader.readUInt32()
        let lost: [Member] = try reader.readArray(elementBytesMin: 13)
        guard (1...Configuration.membersMax).contains(lost.count) else { throw .invalid("lost members") }
        self.init(after: after, lost: lost, source: try reader.readOptional())
    }
}
