extension Operation: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .get: writer.write(UInt8(1))
        case .write(let write):
            writer.write(UInt8(2))
            writer.write(write)
        case .batch(let items):
            writer.write(UInt8(3))
            writer.write(items)
        case .transaction(let transaction):
            writer.write(UInt8(4))
            writer.write(transaction)
        case .query(let query):
            writer.write(UInt8(5))
            writer.write(query)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .get
        case 2: self = .write(try reader.read())
        case 3:
            let items: [KeyedWrite] = try reader.readArray(elementBytesMin: 9)
            guard (1...Limits.batchWritesMax).contains(items.count) else { throw .invalid("batch") }
            self = .batch(items)
        case 4: self = .transaction(try reader.read())
        case 5: self = .query(try reader.read())
        default: throw .invalid("operation")
        }
    }
}

extension Transaction: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(expectations)
        writer.write(UInt32(batches.count))
        for batch in batches { writer.write(batch) }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let expectations: [KeyedWrite] = try reader.readArray(elementBytesMin: 9)
        var batches: [[KeyedWrite]] = []
        for _ in 0..<(try reader.readCount(elementBytesMin: 4)) {
            batches.append(try reader.readArray(elementBytesMin: 9))
        }
        self.init(expectations: expectations, batches: batches)
        guard writes <= Limits.batchWritesMax else { throw .invalid("transaction") }
    }
}

extension OperationFault: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(rawValue) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        guard let fault = OperationFault(rawValue: try reader.readUInt8()) else { throw .invalid("fault") }
        self = fault
    }
}

extension KeyedWrite: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(write)
        writer.write(isRequired)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let key = try reader.readBytes(max: Limits.keyBytesMax)
        let write: Write = try reader.read()
        self.init(key: key, write: write, isRequired: try reader.readBool())
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
        case .batch(let answers):
            writer.write(UInt8(4))
            writer.write(answers)
        case .aborted(let index, let answer):
            writer.write(UInt8(5))
            writer.write(index)
            writer.write(answer)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case let kind: self = try WriteAnswer.one(kind, &reader, depth: 2)
        }
    }

    /// Batches within a transaction, and none within these.
    static func batch(from reader: inout ByteReader, depth: Int = 2) throws(DecodeError) -> [WriteAnswer] {
        var answers: [WriteAnswer] = []
        for _ in 0..<(try reader.readCount(elementBytesMin: 2)) {
            answers.append(try one(try reader.readUInt8(), &reader, depth: depth - 1))
        }
        return answers
    }

    private static func one(_ kind: UInt8, _ reader: inout ByteReader, depth: Int) throws(DecodeError) -> WriteAnswer {
        switch kind {
        case 4 where depth > 0: return .batch(try batch(from: &reader, depth: depth))
        case 5 where depth > 0:
            let index = try reader.readUInt32()
            return .aborted(at: index, try single(try reader.readUInt8(), &reader))
        default: return try single(kind, &reader)
        }
    }

    static func single(_ kind: UInt8, _ reader: inout ByteReader) throws(DecodeError) -> WriteAnswer {
        switch kind {
        case 1: return .written(try reader.read())
        case 2: return .conflict(try reader.read())
        case 3: return .refused(try reader.read())
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
