/// The number of a configuration of a slot. The first configuration of a slot is epoch 1.
package typealias Epoch = UInt32

/// The place of a write in its slot's order: epoch (24 bits) and sequence within slot and epoch (40 bits),
/// given by the primary. The last version in a member's log is that member's *position*.
package struct Version: Hashable, Comparable, Sendable {
    /// Before every write.
    package static let zero = Version(rawValue: 0)
    /// The last epoch that a version can name. A slot that reaches it refuses writes.
    package static let epochMax: Epoch = (1 << 24) - 1
    /// The last sequence within one epoch.
    package static let sequenceMax: UInt64 = (1 << 40) - 1

    package let rawValue: UInt64

    @inlinable
    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// - Precondition: both parts are within their maximum.
    @inlinable
    package init(epoch: Epoch, sequence: UInt64) {
        precondition(epoch <= Version.epochMax && sequence <= Version.sequenceMax)
        rawValue = UInt64(epoch) << 40 | sequence
    }

    @inlinable
    package var epoch: Epoch { Epoch(rawValue >> 40) }
    @inlinable
    package var sequence: UInt64 { rawValue & Version.sequenceMax }

    /// The version of the write that follows this one in `epoch`; nil when the epoch's sequences are used up
    /// or this one is of a later epoch.
    @inlinable
    package func next(in epoch: Epoch) -> Version? {
        if self.epoch < epoch { return Version(epoch: epoch, sequence: 1) }
        guard self.epoch == epoch else { return nil }
        guard sequence < Version.sequenceMax else { return nil }
        return Version(rawValue: rawValue + 1)
    }

    @inlinable
    package static func < (left: Version, right: Version) -> Bool { left.rawValue < right.rawValue }
}

extension Version {
    /// As `description` writes it: two numbers with a point.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let epoch = Epoch(parts[0]), let sequence = UInt64(parts[1]),
            epoch <= Version.epochMax, sequence <= Version.sequenceMax
        else { return nil }
        self.init(epoch: epoch, sequence: sequence)
    }
}

extension Version: CustomStringConvertible {
    package var description: String { "\(epoch).\(sequence)" }
}
