extension Slot: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(rawValue) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        guard let slot = Slot(Int(try reader.readUInt16())) else { throw .invalid("slot") }
        self = slot
    }
}

extension Version: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(rawValue) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(rawValue: try reader.readUInt64())
    }
}

extension NodeID: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(text) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        guard let id = NodeID(try reader.readString(max: NodeID.lengthMax)) else { throw .invalid("node id") }
        self = id
    }
}

extension Member: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(node)
        writer.write(disk.rawValue)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(node: try reader.read(), disk: DiskID(rawValue: try reader.readUInt64()))
    }
}

extension Configuration: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(epoch)
        writer.write(members)
        writer.write(base)
        writer.write(repair)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let epoch = try reader.readUInt32()
        guard epoch <= Version.epochMax else { throw .invalid("epoch") }
        let members: [Member] = try reader.readArray(elementBytesMin: 13)
        guard (1...Configuration.membersMax).contains(members.count),
            Set(members.map(\.node)).count == members.count
        else { throw .invalid("members") }
        let base: Version = try reader.read()
        guard base.epoch < max(epoch, 1) else { throw .invalid("base") }
        let repair: Repair? = try reader.readOptional()
        guard repair.map({ $0.after < epoch && base.epoch <= $0.after }) ?? true else { throw .invalid("repair") }
        self.init(epoch: epoch, members: members, base: base, repair: repair)
    }
}

extension Ballot: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(round)
        writer.write(proposer)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(round: try reader.readUInt32(), proposer: try reader.read())
    }
}

extension RequestID: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(origin)
        writer.write(number)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(origin: try reader.readUInt64(), number: try reader.readUInt64())
    }
}

extension Timestamp: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(milliseconds) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(milliseconds: try reader.readUInt64())
    }
}

extension Consistency: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(rawValue) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        guard let level = Consistency(rawValue: try reader.readUInt8()) else {
            throw .invalid("consistency")
        }
        self = level
    }
}

extension Entry: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(version)
        writer.write(timestamp)
        writer.write(EntryHead(expires: expiry != nil, hasDigest: digest != nil))
        if let expiry { writer.write(expiry) }
        if let digest { writer.write(digest) }
        writer.write(value)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let version: Version = try reader.read()
        let timestamp: Timestamp = try reader.read()
        let head: EntryHead = try reader.read()
        let expiry: Timestamp? = head.expires ? try reader.read() : nil
        let digest: ContentDigest? = head.hasDigest ? try reader.read() : nil
        self.init(
            value: try reader.readBytes(max: Limits.valueBytesMax), version: version,
            timestamp: timestamp, expiry: expiry, digest: digest)
    }
}

extension LogEntry: WireFormat {
    /// The bytes of the shortest.
    package static let wireBytesMin = 39

    package func write(to writer: inout ByteWriter) {
        writer.write(version)
        writer.write(request)
        writer.write(timestamp)
        writer.write(key)
        writer.write(change)
        writer.write(answer)
    }
    package convenience init(from reader: inout ByteReader) throws(DecodeError) {
        let version: Version = try reader.read()
        let request: RequestID = try reader.read()
        let timestamp: Timestamp = try reader.read()
        let key = try reader.readBytes(max: Limits.keyBytesMax)
        let change: Change = try reader.read()
        self.init(
            version: version, request: request, timestamp: timestamp, key: key, change: change,
            answer: try reader.read())
    }
}

extension NodeAddress: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(host)
        writer.write(port)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let host = try reader.readString(max: NodeAddress.hostLengthMax)
        self.init(host: host, port: try reader.readUInt16())
    }
}

extension RingRecord: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(member)
        writer.write(address)
        writer.write(zone)
        writer.write(weight)
        writer.write(incarnation)
        writer.write(status.rawValue)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let member: Member = try reader.read()
        let address: NodeAddress = try reader.read()
        let zone = try reader.readString(max: RingRecord.zoneLengthMax)
        let weight = try reader.readUInt16()
        guard (1...RingRecord.weightMax).contains(weight) else { throw .invalid("weight") }
        let incarnation = try reader.readUInt64()
        guard let status = Status(rawValue: try reader.readUInt8()) else { throw .invalid("status") }
        self.init(
            member: member, address: address, zone: zone, weight: weight, incarnation: incarnation,
            status: status)
    }
}

extension LogEntry.Change: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .set(.plain(let value), let expiry):
            writer.write(UInt8(1))
            writer.write(expiry)
            writer.write(value)
        case .set(.digested(let value), let expiry):
            writer.write(UInt8(5))
            writer.write(expiry)
            writer.write(value.digest)
            writer.write(value.bytes)
        case .delete: writer.write(UInt8(2))
        case .nothing: writer.write(UInt8(3))
        case .several(let changes):
            writer.write(UInt8(4))
            writer.write(changes)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let kind = try reader.readUInt8()
        guard kind == 4 else {
            self = try Self.single(kind, &reader)
            return
        }
        self = .several(try reader.readArray(elementBytesMin: 5))
    }

    fileprivate static func single(_ kind: UInt8, _ reader: inout ByteReader) throws(DecodeError) -> Self {
        switch kind {
        case 1, 5:
            let expiry: Timestamp? = try reader.readOptional()
            let digest: ContentDigest? = kind == 5 ? try reader.read() : nil
            return .set(Content(try reader.readBytes(max: Limits.valueBytesMax), digest: digest), expiry: expiry)
        case 2: return .delete
        case 3: return .nothing
        default: throw .invalid("change")
        }
    }
}

extension LogEntry.KeyedChange: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(change)
    }
    /// No change of several keys within another.
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let key = try reader.readBytes(max: Limits.keyBytesMax)
        self.init(key: key, change: try LogEntry.Change.single(try reader.readUInt8(), &reader))
    }
}

extension SlotEpoch: WireFormat {
    package static let wireBytesMin = 6

    package func write(to writer: inout ByteWriter) {
        writer.write(slot)
        writer.write(epoch)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let slot: Slot = try reader.read()
        self.init(slot: slot, epoch: try reader.readUInt32())
    }
}
