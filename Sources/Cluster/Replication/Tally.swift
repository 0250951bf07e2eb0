import Protocol

/// What the entries of a slot add up to, whatever their order: how many there are, what they take, and their
/// digest. Kept with every change and written in the same batch as it, so that it is known at all times.
///
/// Two copies with equal entries have equal tallies, and two with unequal ones unequal digests but for chance
/// (2⁻⁶⁴). The digest is that of what was written: an entry that changes on its way to the disk or there, without
/// a write, makes the tally of what is read another than the one that was kept (`Scrub`).
package struct Tally: Equatable, Sendable {
    package private(set) var keys: UInt64 = 0
    /// Of keys and values.
    package private(set) var bytes: UInt64 = 0
    /// The sum over `EntryHash` of the entries, modulo 2⁶⁴ so that it can be taken apart again.
    package private(set) var digest: UInt64 = 0

    package init() {}

    package mutating func add(_ entry: Entry, key: [UInt8]) {
        keys &+= 1
        bytes &+= UInt64(key.count + entry.value.count)
        digest &+= EntryHash.sum(of: entry, key: key)
    }

    package mutating func add(_ view: EntryView) {
        keys &+= 1
        bytes &+= UInt64(view.key.count + view.value.count)
        digest &+= EntryHash.sum(of: view)
    }

    /// - Parameter entry: as it was added.
    package mutating func remove(_ entry: Entry, key: [UInt8]) {
        keys &-= 1
        bytes &-= UInt64(key.count + entry.value.count)
        digest &-= EntryHash.sum(of: entry, key: key)
    }

    /// - Parameter view: of the entry as it was added.
    package mutating func remove(_ view: EntryView) {
        keys &-= 1
        bytes &-= UInt64(view.key.count + view.value.count)
        digest &-= EntryHash.sum(of: view)
    }

    package static func + (one: Tally, other: Tally) -> Tally {
        var sum = one
        sum.keys &+= other.keys
        sum.bytes &+= other.bytes
        sum.digest &+= other.digest
        return sum
    }
}

extension Tally: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(keys)
        writer.write(bytes)
        writer.write(digest)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        keys = try reader.readUInt64()
        bytes = try reader.readUInt64()
        digest = try reader.readUInt64()
    }
}
