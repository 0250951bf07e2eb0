/// What a node tells of itself for STATUS.
package struct NodeStatus: Equatable, Sendable {
    /// Something that has not happened yet, and why.
    package struct Waiting: Equatable, Sendable {
        /// What waits, e.g. `copy of 12 slots`.
        package let what: String
        package let waitingFor: String

        package init(what: String, waitingFor: String) {
            self.what = what
            self.waitingFor = waitingFor
        }
    }

    /// Slots that it should hold, by the ring records that it knows.
    package let targets: UInt32
    /// Slots of which it has a copy, whole or in part.
    package let holds: UInt32
    /// Slots that it leads.
    package let leads: UInt32
    package let keys: UInt64
    /// Keys of the slots that it leads.
    package let keysLed: UInt64
    /// Bytes of keys and values.
    package let bytes: UInt64
    package let waiting: [Waiting]

    package init(
        targets: UInt32, holds: UInt32, leads: UInt32, keys: UInt64, keysLed: UInt64, bytes: UInt64,
        waiting: [Waiting]
    ) {
        self.targets = targets
        self.holds = holds
        self.leads = leads
        self.keys = keys
        self.keysLed = keysLed
        self.bytes = bytes
        self.waiting = waiting
    }
}

extension NodeStatus.Waiting: WireFormat {
    private static let textBytesMax = 1_024

    package func write(to writer: inout ByteWriter) {
        writer.write(what)
        writer.write(waitingFor)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let what = try reader.readString(max: Self.textBytesMax)
        self.init(what: what, waitingFor: try reader.readString(max: Self.textBytesMax))
    }
}

extension NodeStatus: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(targets)
        writer.write(holds)
        writer.write(leads)
        writer.write(keys)
        writer.write(keysLed)
        writer.write(bytes)
        writer.write(waiting)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let targets = try reader.readUInt32()
        let holds = try reader.readUInt32()
        let leads = try reader.readUInt32()
        let keys = try reader.readUInt64()
        let keysLed = try reader.readUInt64()
        let bytes = try reader.readUInt64()
        self.init(
            targets: targets, holds: holds, leads: leads, keys: keys, keysLed: keysLed, bytes: bytes,
            waiting: try reader.readArray(elementBytesMin: 8))
    }
}
