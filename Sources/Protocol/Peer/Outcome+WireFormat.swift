extension Outcome: WireFormat {
    private static let reasonBytesMax = 1_024

    package func write(to writer: inout ByteWriter) {
        switch self {
        case .found(let entry):
            writer.write(UInt8(1))
            writer.write(entry)
        case .notFound: writer.write(UInt8(2))
        case .answer(let answer):
            writer.write(UInt8(10))
            writer.write(answer)
        case .written(let version, let timestamp, let result):
            writer.write(UInt8(3))
            writer.write(version)
            writer.write(timestamp)
            writer.write(result)
        case .conflict(let present):
            writer.write(UInt8(4))
            writer.write(present)
        case .refused(let fault):
            writer.write(UInt8(5))
            writer.write(fault)
        case .batch(let version, let timestamp, let answers):
            writer.write(UInt8(8))
            writer.write(version)
            writer.write(timestamp)
            writer.write(answers)
        case .aborted(let index, let answer):
            writer.write(UInt8(9))
            writer.write(index)
            writer.write(answer)
        case .busy(let reason):
            writer.write(UInt8(6))
            writer.write(reason)
        case .unavailable(let reason):
            writer.write(UInt8(7))
            writer.write(reason)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .found(try reader.read())
        case 2: self = .notFound
        case 3:
            let version: Version = try reader.read()
            let timestamp: Timestamp = try reader.read()
            self = .written(version: version, timestamp: timestamp, result: try reader.read())
        case 4: self = .conflict(try reader.read())
        case 5: self = .refused(try reader.read())
        case 6: self = .busy(try reader.readString(max: Self.reasonBytesMax))
        case 7: self = .unavailable(try reader.readString(max: Self.reasonBytesMax))
        case 8:
            let version: Version = try reader.read()
            let timestamp: Timestamp = try reader.read()
            self = .batch(version: version, timestamp: timestamp, try WriteAnswer.batch(from: &reader))
        case 9:
            let index = try reader.readUInt32()
            self = .aborted(at: index, try WriteAnswer.single(try reader.readUInt8(), &reader))
        case 10: self = .answer(try reader.read())
        default: throw .invalid("outcome")
        }
    }
}

extension Present: WireFormat {
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .nothing: writer.write(UInt8(1))
        case .entry(let entry):
            writer.write(UInt8(2))
            writer.write(entry)
        case .replaced(let version):
            writer.write(UInt8(3))
            writer.write(version)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        switch try reader.readUInt8() {
        case 1: self = .nothing
        case 2: self = .entry(try reader.read())
        case 3: self = .replaced(try reader.read())
        default: throw .invalid("present")
        }
    }
}
