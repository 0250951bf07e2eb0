import Glibc

/// One of the 16,384 positions of the ring: the unit of routing, ownership, transfer and repair.
///
/// A key's slot is CRC16-XMODEM of the key modulo 16,384, or of the part between the first `{` and the
/// next `}` where that part is not empty: Redis Cluster's rule, so that its clients route by themselves.
package struct Slot: Hashable, Comparable, Sendable {
    /// How many slots a ring has.
    package static let count = 16_384

    /// 0 ..< 16,384.
    package let rawValue: UInt16

    /// The slot of that number, or nil beyond the last one.
    @inlinable
    package init?(_ number: Int) {
        guard number >= 0, number < Slot.count else { return nil }
        rawValue = UInt16(number)
    }

    @usableFromInline
    init(masking number: UInt16) {
        rawValue = number & UInt16(Slot.count - 1)
    }

    /// The slot that `key` belongs to.
    package init(key: [UInt8]) { self = key.withUnsafeBytes(Slot.init(key:)) }

    package init(key: UnsafeRawBufferPointer) {
        guard let base = key.baseAddress, memchr(base, Int32(UInt8(ascii: "{")), key.count) != nil,
            let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        else {
            self.init(masking: CRC16.xmodem(key))
            return
        }
        self.init(masking: CRC16.xmodem(UnsafeRawBufferPointer(rebasing: key[(open + 1)..<close])))
    }

    /// Every slot, in order.
    package static var all: some Sequence<Slot> {
        (0..<UInt16(count)).lazy.map(Slot.init(masking:))
    }

    @inlinable
    package var index: Int { Int(rawValue) }

    @inlinable
    package static func < (left: Slot, right: Slot) -> Bool { left.rawValue < right.rawValue }
}

extension Slot: CustomStringConvertible {
    package var description: String { String(rawValue) }
}
