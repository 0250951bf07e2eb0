/// What one node tells another about a third: its ring record, and how alive it is believed to be at that
/// record's incarnation. Gossip and full exchanges are made of these.
package struct Rumor: Hashable, Sendable {
    package let record: RingRecord
    package let liveness: Liveness
    /// Who suspects it, when `liveness` is `.suspect`: suspicions count by the number of different accusers.
    package let accuser: NodeID?

    /// - Precondition: there is an accuser exactly when `liveness` is `.suspect`.
    package init(record: RingRecord, liveness: Liveness, accuser: NodeID? = nil) {
        precondition((liveness == .suspect) == (accuser != nil))
        self.record = record
        self.liveness = liveness
        self.accuser = accuser
    }

    package var node: NodeID { record.node }

    /// Bytes that it takes on the wire.
    package var byteCount: Int {
        record.byteCount + 1 + (accuser.map(\.byteCount) ?? 0)
    }
}

extension Rumor: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(record)
        writer.write(liveness.rawValue)
        if let accuser { writer.write(accuser) }
    }

    package init(from reader: inout ByteReader) throws(DecodeError) {
        let record: RingRecord = try reader.read()
        guard let liveness = Liveness(rawValue: try reader.readUInt8()) else {
            throw .invalid("liveness")
        }
        let accuser: NodeID? = liveness == .suspect ? try reader.read() : nil
        self.init(record: record, liveness: liveness, accuser: accuser)
    }
}

extension NodeID {
    /// Bytes that it takes on the wire.
    var byteCount: Int { 4 + text.utf8.count }
}

extension RingRecord {
    /// Bytes that it takes on the wire.
    var byteCount: Int {
        let disk = 8
        let addressAndZone = 4 + address.host.utf8.count + 2 + 4 + zone.utf8.count
        let weightIncarnationStatus = 2 + 8 + 1
        return node.byteCount + disk + addressAndZone + weightIncarnationStatus
    }
}
