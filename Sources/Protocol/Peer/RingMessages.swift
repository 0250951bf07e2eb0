/// One step of an exchange of what two nodes know of their ring. What is equal is found out by digests, from
/// the whole to parts of it (*buckets*, by a hash of the node's id), so that only what differs is sent:
///
///     opening ──differs──▶ digests ──▶ request, for the buckets that differ ──▶ rumors
///
/// The arrows go to and fro between the two. Whoever sees nothing that differs ends it.
package enum RecordExchange: Equatable, Sendable {
    /// The most buckets into which a ring is divided.
    package static let bucketsMax = 4_096

    /// A digest of all that the sender knows: who knows the same has nothing to say.
    case opening(digest: UInt64)
    /// A digest of each bucket; their count is a power of two.
    case digests([UInt64])
    /// All that the sender knows in these of `bucketCount` buckets: the receiver answers with what it knows
    /// otherwise there.
    case request(bucketCount: UInt32, buckets: [UInt32], rumors: [Rumor])
    /// What the sender knows, or what it knows otherwise. No answer.
    case rumors([Rumor])

    /// The node records in it.
    package var rumors: [Rumor] {
        switch self {
        case .opening, .digests: []
        case .request(_, _, let rumors), .rumors(let rumors): rumors
        }
    }
}

extension RecordExchange: WireFormat {
    private static let rumorBytesMin = 35

    /// The first byte; on the wire: do not change them.
    private enum Kind: UInt8 {
        case opening = 1
        case digests = 2
        case request = 3
        case rumors = 4
    }

    package func write(to writer: inout ByteWriter) {
        switch self {
        case .opening(let digest):
            writer.write(Kind.opening.rawValue)
            writer.write(digest)
        case .digests(let digests):
            writer.write(Kind.digests.rawValue)
            writer.write(UInt32(digests.count))
            for digest in digests { writer.write(digest) }
        case .request(let bucketCount, let buckets, let rumors):
            writer.write(Kind.request.rawValue)
            writer.write(bucketCount)
            writer.write(UInt32(buckets.count))
            for bucket in buckets { writer.write(bucket) }
            writer.write(rumors)
        case .rumors(let rumors):
            writer.write(Kind.rumors.rawValue)
            writer.write(rumors)
        }
    }

    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch Kind(rawValue: try reader.readUInt8()) {
        case .opening: self = .opening(digest: try reader.readUInt64())
        case .digests:
            let count = try Self.bucketCount(try reader.readUInt32())
            guard reader.remaining >= 8 * count else { throw .truncated }
            var digests: [UInt64] = []
            for _ in 0..<count { digests.append(try reader.readUInt64()) }
            self = .digests(digests)
        case .request:
            let bucketCount = try Self.bucketCount(try reader.readUInt32())
            var buckets: [UInt32] = []
            for _ in 0..<(try reader.readCount(elementBytesMin: 4)) {
                let bucket = try reader.readUInt32()
                guard bucket < bucketCount else { throw .invalid("bucket") }
                buckets.append(bucket)
            }
            self = .request(
                bucketCount: UInt32(bucketCount), buckets: buckets,
                rumors: try reader.readArray(elementBytesMin: Self.rumorBytesMin))
        case .rumors: self = .rumors(try reader.readArray(elementBytesMin: Self.rumorBytesMin))
        case nil: throw .invalid("step of an exchange")
        }
    }

    private static func bucketCount(_ count: UInt32) throws(DecodeError) -> Int {
        guard (1...bucketsMax).contains(Int(count)), count.nonzeroBitCount == 1 else {
            throw .invalid("count of buckets")
        }
        return Int(count)
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
