/// A client's request on its way from the node it came to, the coordinator, to a node that can serve it.
package struct ForwardedRequest: Equatable, Sendable {
    /// Names the request between these two nodes; for a write it is what makes it take effect once.
    package let request: RequestID
    package let slot: Slot
    /// The epoch that the coordinator knows.
    package let epoch: Epoch
    /// The epoch of the first sending; the same as `epoch` when this is the first.
    package let firstEpoch: Epoch
    /// Whether it may have been sent before.
    package let isResend: Bool
    package let consistency: Consistency
    package let key: [UInt8]
    package let operation: Operation

    package init(
        request: RequestID, slot: Slot, epoch: Epoch, firstEpoch: Epoch, isResend: Bool,
        consistency: Consistency, key: [UInt8], operation: Operation
    ) {
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
        writer.write(request)
        writer.write(slot)
        writer.write(epoch)
        writer.write(firstEpoch)
        writer.write(isResend)
        writer.write(consistency)
        writer.write(key)
        switch operation {
        case .get: writer.write(UInt8(1))
        case .set(let value, let ttlMilliseconds):
            writer.write(UInt8(2))
            writer.write(ttlMilliseconds ?? 0)
            writer.write(value)
        case .delete: writer.write(UInt8(3))
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let request: RequestID = try reader.read()
        let slot: Slot = try reader.read()
        let epoch = try reader.readUInt32()
        let firstEpoch = try reader.readUInt32()
        let isResend = try reader.readBool()
        let consistency: Consistency = try reader.read()
        let key = try reader.readBytes(max: Limits.keyBytesMax)
        let operation: Operation
        switch try reader.readUInt8() {
        case 1: operation = .get
        case 2:
            let ttl = try reader.readUInt64()
            operation = .set(
                value: try reader.readBytes(max: Limits.valueBytesMax),
                ttlMilliseconds: ttl == 0 ? nil : ttl)
        case 3: operation = .delete
        default: throw .invalid("operation")
        }
        self.init(
            request: request, slot: slot, epoch: epoch, firstEpoch: firstEpoch, isResend: isResend,
            consistency: consistency, key: key, operation: operation)
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

    package let request: RequestID
    package let result: Result

    package init(request: RequestID, result: Result) {
        self.request = request
        self.result = result
    }
}

extension ForwardedResponse: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(request)
        switch result {
        case .outcome(.found(let entry)):
            writer.write(UInt8(1))
            writer.write(entry)
        case .outcome(.notFound): writer.write(UInt8(2))
        case .outcome(.written(let version, let timestamp)):
            writer.write(UInt8(3))
            writer.write(version)
            writer.write(timestamp)
        case .outcome(.busy(let reason)):
            writer.write(UInt8(4))
            writer.write(reason)
        case .outcome(.unavailable(let reason)):
            writer.write(UInt8(5))
            writer.write(reason)
        case .redirect(let configuration):
            writer.write(UInt8(6))
            writer.write(configuration)
        case .again: writer.write(UInt8(7))
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let request: RequestID = try reader.read()
        self.init(request: request, result: try Self.readResult(from: &reader))
    }

    private static let reasonBytesMax = 1_024

    private static func readResult(from reader: inout ByteReader) throws(DecodeError) -> Result {
        switch try reader.readUInt8() {
        case 1: return .outcome(.found(try reader.read()))
        case 2: return .outcome(.notFound)
        case 3:
            let version: Version = try reader.read()
            return .outcome(.written(version: version, timestamp: try reader.read()))
        case 4: return .outcome(.busy(try reader.readString(max: reasonBytesMax)))
        case 5: return .outcome(.unavailable(try reader.readString(max: reasonBytesMax)))
        case 6: return .redirect(try reader.read())
        case 7: return .again
        default: throw .invalid("response")
        }
    }
}
