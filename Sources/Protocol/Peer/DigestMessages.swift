/// What the sender's table of a slot adds up to when everything up to `position` is applied.
package struct Vouch: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let position: Version
    package let digest: UInt64

    package init(slot: Slot, epoch: Epoch, position: Version, digest: UInt64) {
        self.slot = slot
        self.epoch = epoch
        self.position = position
        self.digest = digest
    }
}

extension Vouch: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(position)
        writer.write(digest)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let position: Version = try reader.read()
        self.init(slot: slot, epoch: epoch, position: position, digest: try reader.readUInt64())
    }
}
