extension Write: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(action)
        writer.write(condition)
        writer.write(lifetime)
        writer.write(answersOld)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let action: Action = try reader.read()
        let condition: Expectation = try reader.read()
        let lifetime: Lifetime = try reader.read()
        self.init(action, if: condition, for: lifetime, answersOld: try reader.readBool())
    }
}

extension Write.Action: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .set(let content):
            writer.write(UInt8(1))
            writer.write(content.bytes)
        case .delete: writer.write(UInt8(2))
        case .keep: writer.write(UInt8(3))
        case .add(let amount):
            writer.write(UInt8(4))
            writer.write(amount)
        case .addDecimal(let amount):
            writer.write(UInt8(5))
            writer.write(amount)
        case .append(let bytes):
            writer.write(UInt8(6))
            writer.write(bytes)
        case .overwrite(let offset, let bytes):
            writer.write(UInt8(7))
            writer.write(offset)
            writer.write(bytes)
        case .setBit(let bit, let isOn):
            writer.write(UInt8(8))
            writer.write(bit)
            writer.write(isOn)
        case .copy(let source):
            writer.write(UInt8(9))
            writer.write(source)
        case .read: writer.write(UInt8(10))
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .set(try reader.readBytes(max: Limits.valueBytesMax))
        case 2: self = .delete
        case 3: self = .keep
        case 4: self = .add(try reader.read())
        case 5: self = .addDecimal(try reader.readBytes(max: Limits.valueBytesMax))
        case 6: self = .append(try reader.readBytes(max: Limits.valueBytesMax))
        case 7:
            let offset = try reader.readUInt64()
            self = .overwrite(offset: offset, try reader.readBytes(max: Limits.valueBytesMax))
        case 8:
            let bit = try reader.readUInt64()
            self = .setBit(bit, to: try reader.readBool())
        case 9: self = .copy(of: try reader.readBytes(max: Limits.keyBytesMax))
        case 10: self = .read
        default: throw .invalid("action")
        }
    }
}

extension Write.Lifetime: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .forever: writer.write(UInt8(1))
        case .kept: writer.write(UInt8(2))
        case .milliseconds(let milliseconds):
            writer.write(UInt8(3))
            writer.write(milliseconds)
        case .until(let time):
            writer.write(UInt8(4))
            writer.write(time)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .forever
        case 2: self = .kept
        case 3: self = .milliseconds(try reader.readUInt64())
        case 4: self = .until(try reader.read())
        default: throw .invalid("lifetime")
        }
    }
}

extension Expectation: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .any: writer.write(UInt8(0))
        case .absent: writer.write(UInt8(1))
        case .value(let value):
            writer.write(UInt8(2))
            writer.write(value)
        case .version(let version):
            writer.write(UInt8(3))
            writer.write(version)
        case .present: writer.write(UInt8(4))
        case .lasting: writer.write(UInt8(5))
        case .expiring: writer.write(UInt8(6))
        case .expiringEarlier: writer.write(UInt8(7))
        case .expiringLater: writer.write(UInt8(8))
        case .endingLater: writer.write(UInt8(9))
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 0: self = .any
        case 1: self = .absent
        case 2: self = .value(try reader.readBytes(max: Limits.valueBytesMax))
        case 3: self = .version(try reader.read())
        case 4: self = .present
        case 5: self = .lasting
        case 6: self = .expiring
        case 7: self = .expiringEarlier
        case 8: self = .expiringLater
        case 9: self = .endingLater
        default: throw .invalid("expectation")
        }
    }
}
