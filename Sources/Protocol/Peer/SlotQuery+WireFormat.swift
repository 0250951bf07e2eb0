extension SlotQuery: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .entries(let keys):
            writer.write(UInt8(1))
            writer.write(UInt32(keys.count))
            for key in keys { writer.write(key) }
        case .keys(let after, let countMax, let withExpired):
            writer.write(UInt8(2))
            writer.write(after)
            writer.write(countMax)
            writer.write(withExpired)
        case .holders(let version):
            writer.write(UInt8(3))
            writer.write(version)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .entries(try reader.readKeys())
        case 2:
            let after = try reader.readOptionalKey()
            let countMax = try reader.readUInt32()
            self = .keys(after: after, countMax: countMax, withExpired: try reader.readBool())
        case 3: self = .holders(try reader.read())
        default: throw .invalid("query")
        }
    }
}

extension SlotAnswer: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .entries(let entries):
            writer.write(UInt8(1))
            writer.write(UInt32(entries.count))
            for entry in entries { writer.write(Present(entry)) }
        case .keys(let keys, let after, let total):
            writer.write(UInt8(2))
            writer.write(UInt32(keys.count))
            for key in keys { writer.write(key) }
            writer.write(after)
            writer.write(total)
        case .count(let count):
            writer.write(UInt8(3))
            writer.write(count)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1:
            var entries: [Entry?] = []
            for _ in 0..<(try reader.readCount(elementBytesMin: 1)) {
                switch try reader.read() as Present {
                case .nothing: entries.append(nil)
                case .entry(let entry): entries.append(entry)
                case .replaced: throw .invalid("entry")
                }
            }
            self = .entries(entries)
        case 2:
            let keys = try reader.readKeys()
            let after = try reader.readOptionalKey()
            self = .keys(keys, after: after, total: try reader.readUInt64())
        case 3: self = .count(try reader.readUInt64())
        default: throw .invalid("answer of a slot")
        }
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ key: [UInt8]?) {
        write(key != nil)
        if let key { write(key) }
    }
}

extension ByteReader {
    fileprivate mutating func readKeys() throws(DecodeError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        for _ in 0..<(try readCount(elementBytesMin: 4)) { keys.append(try readBytes(max: Limits.keyBytesMax)) }
        return keys
    }

    fileprivate mutating func readOptionalKey() throws(DecodeError) -> [UInt8]? {
        try readBool() ? try readBytes(max: Limits.keyBytesMax) : nil
    }
}
