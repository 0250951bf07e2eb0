/// A client's request on its way from the node it came to, the coordinator, to a node that can serve it.
package struct ForwardedRequest: Equatable, Sendable {
    /// Given by the coordinator; the response carries it. Several may be under way for one request id.
    package let number: UInt64
    /// What makes a write take effect once, whoever sends it how often.
    package let request: RequestID
    package let slot: Slot
    /// The epoch that the coordinator knows.
    package let epoch: Epoch
    /// The epoch of the first sending; the same as `epoch` when this is the first, 0 when it is not known.
    package let firstEpoch: Epoch
    /// Whether it may have been sent before.
    package let isResend: Bool
    package let consistency: Consistency
    package let key: [UInt8]
    package let operation: Operation

    package init(
        number: UInt64, request: RequestID, slot: Slot, epoch: Epoch, firstEpoch: Epoch, isResend: Bool,
        consistency: Consistency, key: [UInt8], operation: Operation
    ) {
        self.number = number
        self.request = request
        self.slot = slot
        self.epoch = epoch
        self.firstEpoch = firstEpoch
        self.isResend = isResend
        self.consistency = consistency
        self.key = key
        self.operation = operation
    }
}

extension ForwardedRequest: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(number)
        writer.write(request)
        writer.write(slot)
        writer.write(epoch)
        writer.write(firstEpoch)
        writer.write(isResend)
        writer.write(consistency)
        writer.write(key)
        writer.write(operation)
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let number = try reader.readUInt64()
        let request: RequestID = try reader.read()
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let firstEpoch = try reader.readUInt32()
        let isResend = try reader.readBool()
        let consistency: Consistency = try reader.read()
        let key = try reader.readBytes(max: Limits.keyBytesMax)
        self.init(
            number: number, request: request, slot: slot, epoch: epoch, firstEpoch: firstEpoch,
            isResend: isResend, consistency: consistency, key: key, operation: try reader.read())
    }
}

/// What became of a forwarded request.
package struct ForwardedResponse: Equatable, Sendable {
    package enum Result: Equatable, Sendable {
        case outcome(Outcome)
        /// Nothing was done: the sender does not lead the slot; this is the latest configuration it knows.
        case redirect(Configuration)
        /// The slot changed hands meanwhile: send it again, as a resend.
        case again
    }

    /// That of the request.
    package let number: UInt64
    package let result: Result

    package init(number: UInt64, result: Result) {
        self.number = number
        self.result = result
    }
}

extension ForwardedResponse: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(number)
        switch result {
        case .outcome(let outcome):
            writer.write(UInt8(1))
            writer.write(outcome)
        case .redirect(let configuration):
            writer.write(UInt8(2))
            writer.write(configuration)
        case .again: writer.write(UInt8(3))
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let number = try reader.readUInt64()
        switch try reader.readUInt8() {
        case 1: self.init(number: number, result: .outcome(try reader.read()))
        case 2: self.init(number: number, result: .redirect(try reader.read()))
        case 3: self.init(number: number, result: .again)
        default: throw .invalid("response")
        }
    }
}
