extension Operation: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .get: writer.write(UInt8(1))
        case .write(let write):
            writer.write(UInt8(2))
            writer.write(write)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .get
        case 2: self = .write(try reader.read())
        default: throw .invalid("operation")
        }
    }
}

extension OperationFault: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(rawValue) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        guard let fault = OperationFault(rawValue: try reader.readUInt8()) else { throw .invalid("fault") }
        self = fault
    }
}

extension WriteAnswer: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .written(let result):
            writer.write(UInt8(1))
            writer.write(result)
        case .conflict(let present):
            writer.write(UInt8(2))
            writer.write(present)
        case .refused(let fault):
            writer.write(UInt8(3))
            writer.write(fault)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .written(try reader.read())
        case 2: self = .conflict(try reader.read())
        case 3: self = .refused(try reader.read())
        default: throw .invalid("answer")
        }
    }
}

extension WriteResult: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .none: writer.write(UInt8(0))
        case .number(let number):
            writer.write(UInt8(1))
            writer.write(number)
        case .value(nil): writer.write(UInt8(2))
        case .value(let value?):
            writer.write(UInt8(3))
            writer.write(value)
        case .old(let present):
            writer.write(UInt8(4))
            writer.write(present)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 0: self = .none
        case 1: self = .number(try reader.read())
        case 2: self = .value(nil)
        case 3: self = .value(try reader.readBytes(max: Limits.valueBytesMax))
        case 4: self = .old(try reader.read())
        default: throw .invalid("result")
        }
    }
}

extension Int64: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(UInt64(bitPattern: self)) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(bitPattern: try reader.readUInt64())
    }
}
