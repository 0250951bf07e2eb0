/// Asks for what the sender lacks of a slot: the log beyond its position, or the next piece of a copy.
package struct Fetch: Equatable, Sendable {
    package enum Want: Equatable, Sendable {
        /// The sender holds the slot as of `position`, gained in `heldEpoch`.
        case log(heldEpoch: Epoch, position: Version)
        /// The sender takes a copy and has all keys up to and with `after` (nil: none yet).
        case copy(after: [UInt8]?)
        /// The sender has entries of that digest there, and wants to know whether they are right.
        case compare(KeyRange, digest: UInt64)
        /// The sender has these entries there, in key order, and wants what makes them right.
        case difference(KeyRange, names: [EntryName])

        package var isLog: Bool {
            if case .log = self { true } else { false }
        }
    }

    package let slot: Slot
    /// The sender's configuration of the slot; only who is complete in the same one answers.
    package let epoch: Epoch
    /// Names this question of its sender; the answer carries it, so that a late one is known as such.
    package let number: UInt64
    package let want: Want

    package init(slot: Slot, epoch: Epoch, number: UInt64, want: Want) {
        self.slot = slot
        self.epoch = epoch
        self.number = number
        self.want = want
    }
}

extension Fetch: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(number)
        switch want {
        case .log(let heldEpoch, let position):
            writer.write(UInt8(1))
            writer.write(heldEpoch)
            writer.write(position)
        case .copy(nil):
            writer.write(UInt8(2))
        case .copy(let after?):
            writer.write(UInt8(3))
            writer.write(after)
        case .compare(let range, let digest):
            writer.write(UInt8(4))
            writer.write(range)
            writer.write(digest)
        case .difference(let range, let names):
            writer.write(UInt8(5))
            writer.write(range)
            writer.write(names)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let number = try reader.readUInt64()
        self.init(slot: slot, epoch: epoch, number: number, want: try Fetch.readWant(from: &reader))
    }

    private static func readWant(from reader: inout ByteReader) throws(DecodeError) -> Want {
        switch try reader.readUInt8() {
        case 1:
            let heldEpoch = try reader.readUInt32()
            return .log(heldEpoch: heldEpoch, position: try reader.read())
        case 2: return .copy(after: nil)
        case 3: return .copy(after: try reader.readBytes(max: Limits.keyBytesMax))
        case 4:
            let range: KeyRange = try reader.read()
            return .compare(range, digest: try reader.readUInt64())
        case 5:
            let range: KeyRange = try reader.read()
            return .difference(range, names: try reader.readArray(elementBytesMin: 16))
        default: throw .invalid("fetch")
        }
    }
}

/// A key and what the table holds under it.
package struct KeyedEntry: Equatable, Sendable {
    package let key: [UInt8]
    package let entry: Entry

    package init(key: [UInt8], entry: Entry) {
        self.key = key
        self.entry = entry
    }
}

extension KeyedEntry: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(entry)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let key = try reader.readBytes(max: Limits.keyBytesMax)
        self.init(key: key, entry: try reader.read())
    }
}

/// A request id that a slot remembers, and how that write was answered.
package struct RememberedRequest: Equatable, Sendable {
    package let request: RequestID
    package let version: Version
    package let timestamp: Timestamp
    package let answer: WriteAnswer

    package init(
        request: RequestID, version: Version, timestamp: Timestamp, answer: WriteAnswer = .written()
    ) {
        self.request = request
        self.version = version
        self.timestamp = timestamp
        self.answer = answer
    }
}

extension RememberedRequest: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(request)
        writer.write(version)
        writer.write(timestamp)
        writer.write(answer)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let request: RequestID = try reader.read()
        let version: Version = try reader.read()
        let timestamp: Timestamp = try reader.read()
        self.init(request: request, version: version, timestamp: timestamp, answer: try reader.read())
    }
}

/// Answers `Fetch`. Its sender is complete in `epoch`.
package struct Supply: Equatable, Sendable {
    package enum Content: Equatable, Sendable {
        /// Everything in the sender's log beyond `previous`: the receiver first discards what it has
        /// beyond that. With the last piece comes the digest of what is committed.
        case log(previous: Version, entries: [LogEntry], commit: Version, digest: UInt64?)
        /// The log does not reach back far enough: take a copy.
        case copyNeeded
        /// What the sender's table held between the key asked for and `through` (nil: the end of the
        /// slot) when everything up to `applied` was in it.
        case chunk(entries: EntryRun, through: [UInt8]?, applied: Version, tail: CopyTail?)
        /// The sender cannot help now; ask another.
        case refused
        /// What was asked for will come: others are served before.
        case later
        /// What the sender has from the key asked for up to `through` is not what the receiver has there.
        case differs(through: [UInt8]?)
        case difference(Difference)

        /// Whether who takes it gives up the table that it has.
        package var replacesTable: Bool {
            switch self {
            case .copyNeeded, .chunk, .differs, .difference: true
            case .log, .refused, .later: false
            }
        }
    }

    package let slot: Slot
    package let epoch: Epoch
    /// The number of the question.
    package let number: UInt64
    package let content: Content

    package init(slot: Slot, epoch: Epoch, number: UInt64, content: Content) {
        self.slot = slot
        self.epoch = epoch
        self.number = number
        self.content = content
    }
}

/// What comes with the last piece of a copy.
package struct CopyTail: Equatable, Sendable {
    /// The request ids whose writes the copy contains, oldest first.
    package let requests: [RememberedRequest]
    /// The version of the last request id that was forgotten.
    package let forgotten: Version

    package init(requests: [RememberedRequest], forgotten: Version) {
        self.requests = requests
        self.forgotten = forgotten
    }
}

extension CopyTail: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(requests)
        writer.write(forgotten)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let requests: [RememberedRequest] = try reader.readArray(elementBytesMin: 34)
        self.init(requests: requests, forgotten: try reader.read())
    }
}

extension Supply: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
        writer.write(number)
        switch content {
        case .log(let previous, let entries, let commit, let digest):
            writer.write(UInt8(1))
            writer.write(previous)
            writer.write(commit)
            writer.write(digest != nil)
            if let digest { writer.write(digest) }
            writer.write(entries)
        case .copyNeeded:
            writer.write(UInt8(2))
        case .chunk(let entries, let through, let applied, let tail):
            writer.write(UInt8(3))
            writer.write(entries)
            writer.write(through != nil)
            if let through { writer.write(through) }
            writer.write(applied)
            writer.write(tail)
        case .later: writer.write(UInt8(7))
        case .refused:
            writer.write(UInt8(4))
        case .differs(let through):
            writer.write(UInt8(5))
            writer.write(through != nil)
            if let through { writer.write(through) }
        case .difference(let difference):
            writer.write(UInt8(6))
            writer.write(difference)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let number = try reader.readUInt64()
        self.init(slot: slot, epoch: epoch, number: number, content: try Supply.readContent(from: &reader))
    }

    private static func readContent(from reader: inout ByteReader) throws(DecodeError) -> Content {
        switch try reader.readUInt8() {
        case 1:
            let previous: Version = try reader.read()
            let commit: Version = try reader.read()
            let digest = try reader.readBool() ? try reader.readUInt64() : nil
            return .log(
                previous: previous, entries: try reader.readArray(elementBytesMin: LogEntry.wireBytesMin),
                commit: commit, digest: digest)
        case 2: return .copyNeeded
        case 3:
            let entries: EntryRun = try reader.read()
            let through = try reader.readBool() ? try reader.readBytes(max: Limits.keyBytesMax) : nil
            let applied: Version = try reader.read()
            return .chunk(
                entries: entries, through: through, applied: applied, tail: try reader.readOptional())
        case 4: return .refused
        case 7: return .later
        case 5: return .differs(through: try reader.readBool() ? try reader.readBytes(max: Limits.keyBytesMax) : nil)
        case 6: return .difference(try reader.read())
        default: throw .invalid("supply")
        }
    }
}
