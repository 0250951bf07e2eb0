import Protocol

/// The bases of the latest epochs of a slot, as far as they are known: what a member that slept through
/// some of them must cut its log by.
package struct BaseHistory: Equatable, Sendable {
    package static let epochsMax = 32

    /// Epochs ascend; there may be holes.
    private var known: [(epoch: Epoch, base: Version, after: Epoch)] = []

    package init() {}

    package static func == (left: BaseHistory, right: BaseHistory) -> Bool {
        left.known.elementsEqual(right.known) { $0 == $1 }
    }

    package subscript(_ epoch: Epoch) -> Version? {
        known.last { $0.epoch == epoch }?.base
    }

    /// The epoch that followed `epoch`, where that is known, and its base.
    package func next(after epoch: Epoch) -> (epoch: Epoch, base: Version)? {
        known.last { $0.after == epoch }.map { ($0.epoch, $0.base) }
    }

    /// - Parameter after: the epoch that it follows.
    /// - Precondition: `epoch` is later than all that are known.
    package mutating func add(_ base: Version, of epoch: Epoch, after: Epoch) {
        known.append((epoch, base, after))
        if known.count > BaseHistory.epochsMax { known.removeFirst() }
    }
}

extension BaseHistory: WireFormat {
    package func write(to writer: inout ByteWriter) {
        writer.write(UInt32(known.count))
        for item in known {
            writer.write(item.epoch)
            writer.write(item.base)
            writer.write(item.after)
        }
    }
    package init(from reader: inout ByteReader) throws(DecodeError) {
        let count = try reader.readCount(elementBytesMin: 16)
        for _ in 0..<count {
            let epoch = try reader.readUInt32()
            let base: Version = try reader.read()
            known.append((epoch, base, try reader.readUInt32()))
        }
    }
}
