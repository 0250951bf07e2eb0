import Protocol

/// Everything that a node knows of its ring: one record for each node id. A CRDT: merging the same records
/// gives the same ring, in whatever order and however often they come.
///
/// Invariant: `records` is sorted by node id and holds each id once; both digests are those of `records`.
package struct Ring: Hashable, Sendable {
    /// By node id.
    package private(set) var records: [RingRecord] = []

    /// Names the table of targets: XXH3 over what bears on placement, which is member, zone and weight of
    /// each node that takes part. Two rings with the same digest have the same targets.
    package private(set) var digest: UInt64

    /// XXH3 over all of every record: equal when two nodes know the same.
    package private(set) var recordsDigest: UInt64

    package init() {
        digest = Ring.placementDigest(of: [])
        recordsDigest = Ring.fullDigest(of: [])
    }

    package init(_ records: [RingRecord]) {
        self.init()
        merge(records)
    }

    /// Takes over what `record` knows better; true when that changed something.
    @discardableResult
    package mutating func merge(_ record: RingRecord) -> Bool { merge([record]) }

    /// Takes over what any of `news` knows better; true when that changed something.
    @discardableResult
    package mutating func merge(_ news: [RingRecord]) -> Bool {
        var changed = false
        for record in news where insert(record) { changed = true }
        if changed {
            digest = Ring.placementDigest(of: records)
            recordsDigest = Ring.fullDigest(of: records)
        }
        return changed
    }

    package func record(of node: NodeID) -> RingRecord? {
        let index = index(of: node)
        return index < records.count && records[index].node == node ? records[index] : nil
    }

    private mutating func insert(_ record: RingRecord) -> Bool {
        let index = index(of: record.node)
        guard index < records.count, records[index].node == record.node else {
            records.insert(record, at: index)
            return true
        }
        guard record.supersedes(records[index]) else { return false }
        records[index] = record
        return true
    }

    /// Where the record of `node` is, or would be.
    private func index(of node: NodeID) -> Int {
        var low = 0
        var high = records.count
        while low < high {
            let middle = (low + high) / 2
            if records[middle].node < node { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func placementDigest(of records: [RingRecord]) -> UInt64 {
        var writer = ByteWriter()
        for record in records where record.takesPlaces {
            writer.write(record.member)
            writer.write(record.zone)
            writer.write(record.weight)
        }
        return XXH3.hash(writer.bytes)
    }

    private static func fullDigest(of records: [RingRecord]) -> UInt64 {
        var writer = ByteWriter()
        writer.write(records)
        return XXH3.hash(writer.bytes)
    }
}

extension RingRecord {
    /// Whether targets count on this node.
    var takesPlaces: Bool { status == .active && weight > 0 }
}
