/// Paxos 1a on the successor of configuration `epoch` of `slot`.
package struct Prepare: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let ballot: Ballot

    package init(slot: Slot, epoch: Epoch, ballot: Ballot) {
        self.slot = slot
        self.epoch = epoch
        self.ballot = ballot
    }
}

extension Prepare: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(ballot)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        self.init(slot: slot, epoch: epoch, ballot: try reader.read())
    }
}

/// A value that an acceptor has accepted, and under which ballot.
package struct Acceptance: Equatable, Sendable {
    package let ballot: Ballot
    package let value: Configuration

    package init(ballot: Ballot, value: Configuration) {
        self.ballot = ballot
        self.value = value
    }
}

extension Acceptance: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(ballot)
        writer.write(value)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let ballot: Ballot = try reader.read()
        self.init(ballot: ballot, value: try reader.read())
    }
}

/// Paxos 1b. It seals: its sender takes part in nothing of that epoch any more.
package struct Promise: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let ballot: Ballot
    /// Where the promiser's log ends, durably.
    package let position: Version
    package let accepted: Acceptance?

    package init(slot: Slot, epoch: Epoch, ballot: Ballot, position: Version, accepted: Acceptance?) {
        self.slot = slot
        self.epoch = epoch
        self.ballot = ballot
        self.position = position
        self.accepted = accepted
    }
}

extension Promise: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(ballot)
        writer.write(position)
        writer.write(accepted)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let ballot: Ballot = try reader.read()
        let position: Version = try reader.read()
        self.init(
            slot: slot, epoch: epoch, ballot: ballot, position: position,
            accepted: try reader.readOptional())
    }
}

/// Paxos 2a. An acceptor that does not hold the slot up to the value's base gets it from `holder` first.
package struct Accept: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let ballot: Ballot
    package let value: Configuration
    package let holder: Member

    package init(slot: Slot, epoch: Epoch, ballot: Ballot, value: Configuration, holder: Member) {
        self.slot = slot
        self.epoch = epoch
        self.ballot = ballot
        self.value = value
        self.holder = holder
    }
}

extension Accept: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(ballot)
        writer.write(value)
        writer.write(holder)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let ballot: Ballot = try reader.read()
        let value: Configuration = try reader.read()
        self.init(slot: slot, epoch: epoch, ballot: ballot, value: value, holder: try reader.read())
    }
}

/// Paxos 2b.
package struct Accepted: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let ballot: Ballot

    package init(slot: Slot, epoch: Epoch, ballot: Ballot) {
        self.slot = slot
        self.epoch = epoch
        self.ballot = ballot
    }
}

extension Accepted: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(ballot)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        self.init(slot: slot, epoch: epoch, ballot: try reader.read())
    }
}

/// The sender has promised a higher ballot.
package struct Rejection: Equatable, Sendable {
    package let slot: Slot
    package let epoch: Epoch
    package let ballot: Ballot
    package let promised: Ballot

    package init(slot: Slot, epoch: Epoch, ballot: Ballot, promised: Ballot) {
        self.slot = slot
        self.epoch = epoch
        self.ballot = ballot
        self.promised = promised
    }
}

extension Rejection: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(ballot)
        writer.write(promised)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let ballot: Ballot = try reader.read()
        self.init(slot: slot, epoch: epoch, ballot: ballot, promised: try reader.read())
    }
}
