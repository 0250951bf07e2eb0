import Protocol

extension Replica {
    // On disk: do not change them.
    private static let unsoundFlag: UInt8 = 1
    private static let disputedFlag: UInt8 = 2

    /// Everything that section "how a slot changes hands" of ARCHITECTURE.md must remember.
    func encodeRecord() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(configuration)
        writer.write(previousMembers)
        writer.write(bases)
        writer.write(holding.rawValue)
        writer.write(heldEpoch)
        writer.write(promised)
        writer.write(accepted)
        writer.write(floor)
        writer.write((isUnsound ? Self.unsoundFlag : 0) | (isDisputed ? Self.disputedFlag : 0))
        writer.write(mendSource)
        return writer.bytes
    }

    func restoreRecord(_ bytes: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(bytes)
        configuration = try reader.readOptional()
        previousMembers = try reader.readArray(elementBytesMin: 13)
        bases = try reader.read()
        guard let holding = Holding(rawValue: try reader.readUInt8()) else { throw .invalid("holding") }
        self.holding = holding
        heldEpoch = try reader.readUInt32()
        promised = try reader.readOptional()
        accepted = try reader.readOptional()
        floor = try reader.read()
        // Records of earlier versions end here.
        if !reader.isAtEnd {
            let flags = try reader.readUInt8()
            isUnsound = flags & Self.unsoundFlag != 0
            isDisputed = flags & Self.disputedFlag != 0
            mendSource = try reader.readOptional()
        }
        isHeldDurably = true
        isAcceptedDurably = accepted != nil
    }

    /// What a store that holds these values has of `slot`, but for the log. For who looks at a disk from
    /// outside; nil: it has nothing, or it cannot be read.
    package static func asStored(_ slot: Slot, record: [UInt8]?, progress: [UInt8]?) -> Replica? {
        let replica = Replica(slot: slot)
        do {
            if let record { try replica.restoreRecord(record) }
            if let progress { try replica.restoreProgress(progress) }
        } catch {
            return nil
        }
        return record == nil ? nil : replica
    }

    /// How far the table is, and what it counts.
    func encodeProgress() -> [UInt8] {
        var writer = ByteWriter()
        writer.write(log.commit)
        writer.write(tally)
        writer.write(requestsForgotten)
        return writer.bytes
    }

    /// - Precondition: no log entry has been restored yet.
    func restoreProgress(_ bytes: [UInt8]) throws(DecodeError) {
        var reader = ByteReader(bytes)
        log = SlotLog(at: try reader.read())
        tally = try reader.read()
        forgetRequests(through: try reader.read())
    }

    /// Takes log entries as they were on disk, ascending; those up to the table's state serve others that
    /// lag behind.
    func restoreLog(_ entries: [LogEntry]) {
        let applied = log.commit
        guard let first = entries.first, let last = entries.last, last.version >= applied else { return }
        // The version before the first entry is known only within an epoch; else the entries that are
        // applied already help nobody.
        let start: Version
        if first.version.sequence > 1 {
            start = Version(rawValue: first.version.rawValue - 1)
        } else if let base = bases[first.version.epoch] {
            start = base
        } else {
            start = applied
        }
        log = SlotLog(at: Swift.min(start, applied))
        for entry in entries where entry.version > log.position { log.append(entry) }
        _ = log.advanceCommit(to: applied)
        log.markDurable(through: log.position)
    }
}
