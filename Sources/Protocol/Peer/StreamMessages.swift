/// Writes of a slot in the primary's order, and how far they are committed. Without entries it says only that.
package struct Append: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    /// The version before the first entry: a member takes them only if it is its own position.
    package let previous: Version
    package let entries: [LogEntry]
    /// The last committed version.
    package let commit: Version
    /// What every member has durably: no log need keep it any longer.
    package let stable: Version

    package init(
        slot: Slot, epoch: Epoch, previous: Version, entries: [LogEntry], commit: Version, stable: Version
    ) {
        self.slot = slot
        self.epoch = epoch
        self.previous = previous
        self.entries = entries
        self.commit = commit
        self.stable = stable
    }
}

extension Append: WireFormat {
    /// The bytes of one without entries.
    package static let wireBytesMin = 34

    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(previous)
        writer.write(commit)
        writer.write(stable)
        writer.write(entries)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let previous: Version = try reader.read()
        let commit: Version = try reader.read()
        let stable: Version = try reader.read()
        self.init(
            slot: slot, epoch: epoch, previous: previous,
            entries: try reader.readArray(elementBytesMin: LogEntry.wireBytesMin), commit: commit, stable: stable)
    }
}

/// What a member or learner tells its primary of itself: on a new connection, when it becomes complete,
/// when it seals, and when it was sent something that does not fit.
package struct MemberState: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let isComplete: Bool
    package let isSealed: Bool
    /// Its durable position.
    package let position: Version

    package init(
        slot: Slot, epoch: Epoch, isComplete: Bool, isSealed: Bool, position: Version
    ) {
        self.slot = slot
        self.epoch = epoch
        self.isComplete = isComplete
        self.isSealed = isSealed
        self.position = position
    }
}

extension MemberState: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(isComplete)
        writer.write(isSealed)
        writer.write(position)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let isComplete = try reader.readBool()
        let isSealed = try reader.readBool()
        self.init(
            slot: slot, epoch: epoch, isComplete: isComplete, isSealed: isSealed, position: try reader.read())
    }
}

/// The sender has the slot durably up to `position`, in `epoch`.
package struct Acknowledgement: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let position: Version

    package init(slot: Slot, epoch: Epoch, position: Version) {
        self.slot = slot
        self.epoch = epoch
        self.position = position
    }
}

extension Acknowledgement: WireFormat {
    package static let wireBytes = 14

    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(position)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        self.init(slot: slot, epoch: epoch, position: try reader.read())
    }
}
