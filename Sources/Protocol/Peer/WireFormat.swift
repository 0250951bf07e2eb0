/// A word that has a form in frames, packets and stored records.
package protocol WireFormat {
    func write(to writer: inout ByteWriter)
    init(from reader: inout ByteReader) throws(DecodeError)
}

extension ByteWriter {
    package mutating func write(_ value: some WireFormat) { value.write(to: &self) }

    package mutating func write(_ values: [some WireFormat]) {
        write(UInt32(values.count))
        for value in values { value.write(to: &self) }
    }

    /// A flag, then the value where there is one.
    package mutating func write(_ value: (some WireFormat)?) {
        write(value != nil)
        value?.write(to: &self)
    }
}

extension ByteReader {
    package mutating func read<Value: WireFormat>() throws(DecodeError) -> Value {
        try Value(from: &self)
    }

    package mutating func readOptional<Value: WireFormat>() throws(DecodeError) -> Value? {
        try readBool() ? try Value(from: &self) : nil
    }

    /// A count, then the elements, each of at least `elementBytesMin` bytes.
    package mutating func readArray<Value: WireFormat>(
        elementBytesMin: Int
    ) throws(DecodeError) -> [Value] {
        let count = try readCount(elementBytesMin: elementBytesMin)
        var values: [Value] = []
        values.reserveCapacity(count)
        for _ in 0..<count { values.append(try Value(from: &self)) }
        return values
    }
}

extension UInt64: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(self) }
    package init(from reader: inout ByteReader) throws(DecodeError) { self = try reader.readUInt64() }
}

extension Int64: WireFormat {
    package func write(to writer: inout ByteWriter) { writer.write(UInt64(bitPattern: self)) }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        self.init(bitPattern: try reader.readUInt64())
    }
}
