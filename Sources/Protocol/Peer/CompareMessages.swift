/// Keys of a slot beyond `after` (nil: from the first), up to and with `through` (nil: to the last).
package struct KeyRange: Equatable, Sendable {
    package let after: [UInt8]?
    package let through: [UInt8]?

    package init(after: [UInt8]?, through: [UInt8]?) {
        self.after = after
        self.through = through
    }

    package func contains(_ key: [UInt8]) -> Bool {
        if let after, !after.lexicographicallyPrecedes(key) { return false }
        if let through, through.lexicographicallyPrecedes(key) { return false }
        return true
    }
}

/// What makes the receiver's entries beyond the key that it asked from, up to `through`, those of the sender.
package struct Difference: Equatable, Sendable {
    /// What the receiver lacks or has otherwise.
    package let entries: [KeyedEntry]
    /// Places in the receiver's list of names, in key order, of what the sender has not, nor has otherwise than
    /// among `entries`; nil: all of it. Those of keys beyond `through` mean nothing.
    package let lacking: [UInt32]?
    /// Nil: the end of the slot.
    package let through: [UInt8]?
    /// Everything up to there was in the sender's table.
    package let applied: Version
    /// With the end of the slot.
    package let tail: CopyTail?

    package init(
        entries: [KeyedEntry], lacking: [UInt32]?, through: [UInt8]?, applied: Version, tail: CopyTail?
    ) {
        self.entries = entries
        self.lacking = lacking
        self.through = through
        self.applied = applied
        self.tail = tail
    }
}

extension KeyRange: WireFormat {
    package func write(to writer: inout ByteWriter) {
        for key in [after, through] {
            writer.write(key != nil)
            if let key { writer.write(key) }
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let after = try reader.readBool() ? try reader.readBytes(max: Limits.keyBytesMax) : nil
        let through = try reader.readBool() ? try reader.readBytes(max: Limits.keyBytesMax) : nil
        self.init(after: after, through: through)
    }
}

extension EntryName: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(high)
        writer.write(low)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let high = try reader.readUInt64()
        self.init(high: high, low: try reader.readUInt64())
    }
}

extension Difference: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(entries)
        writer.write(lacking != nil)
        if let lacking {
            writer.write(UInt32(lacking.count))
            for place in lacking { writer.write(place) }
        }
        writer.write(through != nil)
        if let through { writer.write(through) }
        writer.write(applied)
        writer.write(tail)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let entries: [KeyedEntry] = try reader.readArray(elementBytesMin: 25)
        var lacking: [UInt32]?
        if try reader.readBool() {
            let count = try reader.readCount(elementBytesMin: 4)
            var places: [UInt32] = []
            for _ in 0..<count { places.append(try reader.readUInt32()) }
            lacking = places
        }
        let through = try reader.readBool() ? try reader.readBytes(max: Limits.keyBytesMax) : nil
        let applied: Version = try reader.read()
        self.init(
            entries: entries, lacking: lacking, through: through, applied: applied,
            tail: try reader.readOptional())
    }
}
