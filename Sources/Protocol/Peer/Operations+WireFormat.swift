extension Operation: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .get: writer.write(UInt8(1))
        case .set(let value, let ttlMilliseconds):
            writer.write(UInt8(2))
            writer.write(ttlMilliseconds ?? 0)
            writer.write(value)
        case .delete: writer.write(UInt8(3))
        case .add(let amount):
            writer.write(UInt8(4))
            writer.write(amount)
        case .append(let bytes):
            writer.write(UInt8(5))
            writer.write(bytes)
        case .compareAndSet(let expect, let value):
            writer.write(UInt8(6))
            writer.write(expect)
            writer.write(value)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .get
        case 2:
            let ttl = try reader.readUInt64()
            let value = try reader.readBytes(max: Limits.valueBytesMax)
            self = .set(value: value, ttlMilliseconds: ttl == 0 ? nil : ttl)
        case 3: self = .delete
        case 4: self = .add(try reader.read())
        case 5: self = .append(try reader.readBytes(max: Limits.valueBytesMax))
        case 6:
            let expect: Expectation = try reader.read()
            self = .compareAndSet(expect: expect, value: try reader.readBytes(max: Limits.valueBytesMax))
        default: throw .invalid("operation")
        }
    }
}

extension Expectation: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .absent: writer.write(UInt8(1))
        case .value(let value):
            writer.write(UInt8(2))
            writer.write(value)
        case .version(let version):
            writer.write(UInt8(3))
            writer.write(version)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .absent
        case 2: self = .value(try reader.readBytes(max: Limits.valueBytesMax))
        case 3: self = .version(try reader.read())
        default: throw .invalid("expectation")
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
        case .written(let number):
            writer.write(UInt8(1))
            writer.write(number)
        case .conflict(let version):
            writer.write(UInt8(2))
            writer.write(version)
        case .refused(let fault):
            writer.write(UInt8(3))
            writer.write(fault)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .written(number: try reader.readOptional())
        case 2: self = .conflict(with: try reader.readOptional())
        case 3: self = .refused(try reader.read())
        default: throw .invalid("answer")
        }
    }
}

extension Int64: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(UInt64(bitPattern: self)) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(bitPattern: try reader.readUInt64())
    }
}
