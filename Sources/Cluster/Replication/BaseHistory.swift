import Protocol

/// The bases of the latest epochs of a slot, as far as they are known: what a member that slept through
/// some of them must cut its log by.
package struct BaseHistory: Equatable, Sendable {
    package static let epochsMax = 32

    /// Epochs ascend; there may be holes.
    private var known: [(epoch: Epoch, base: Version)] = []

    package init() {}

    package static func == (left: BaseHistory, right: BaseHistory) -> Bool {
        left.known.elementsEqual(right.known) { $0 == $1 }
    }

    package subscript(_ epoch: Epoch) -> Version? {
        known.last { $0.epoch == epoch }?.base
    }

    /// - Precondition: `epoch` is later than all that are known.
    package mutating func add(_ base: Version, of epoch: Epoch) {
        known.append((epoch, base))
        if known.count > BaseHistory.epochsMax { known.removeFirst() }
    }
}

extension BaseHistory: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(UInt32(known.count))
        for (epoch, base) in known {
            writer.write(epoch)
            writer.write(base)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let count = try reader.readCount(elementBytesMin: 12)
        for _ in 0..<count {
            let epoch = try reader.readUInt32()
            known.append((epoch, try reader.read()))
        }
    }
}
