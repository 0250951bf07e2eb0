import Protocol

/// The bases of the latest epochs of a slot, as far as they are known: what a member that slept through
/// some of them must cut its log by.
package struct BaseHistory: Equatable, Sendable {
    package static let epochsMax = 32

    private struct Known: Equatable {
        let epoch: Epoch
        let after: Epoch
        let base: Version
    }

    /// Epochs ascend; there may be holes.
    private var earlier: [Known] = []
    /// By itself, since most slots know no other. Epoch 0: none is known.
    private var latest = Known(epoch: 0, after: 0, base: .zero)

    package init() {}

    package subscript(_ epoch: Epoch) -> Version? { last { $0.epoch == epoch }?.base }

    /// The epoch that followed `epoch`, where that is known, and its base.
    package func next(after epoch: Epoch) -> (epoch: Epoch, base: Version)? {
        last { $0.after == epoch }.map { ($0.epoch, $0.base) }
    }

    private func last(where isIt: (Known) -> Bool) -> Known? {
        guard latest.epoch > 0 else { return nil }
        return isIt(latest) ? latest : earlier.last(where: isIt)
    }

    /// - Parameter after: the epoch that it follows.
    /// - Precondition: `epoch` is later than all that are known.
    package mutating func add(_ base: Version, of epoch: Epoch, after: Epoch) {
        if latest.epoch > 0 { earlier.append(latest) }
        latest = Known(epoch: epoch, after: after, base: base)
        if earlier.count >= BaseHistory.epochsMax { earlier.removeFirst() }
    }
}

extension BaseHistory: WireFormat {
    package func write(to writer: inout ByteWriter) {
        let known = earlier + (latest.epoch > 0 ? [latest] : [])
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
            add(base, of: epoch, after: try reader.readUInt32())
        }
    }
}
