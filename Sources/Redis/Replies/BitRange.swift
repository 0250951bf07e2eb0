import Protocol

/// The words of BITCOUNT and BITPOS behind the key: a range of bytes or bits. Redis looks at them only where the key is
/// there, so their errors come with the answer.
package enum BitRange: Equatable, Sendable {
    case all
    /// - Parameter last: nil: to the end, behind which zeros are thought.
    case bytes(Int64, Int64?)
    case bits(Int64, Int64?)
    /// From behind its end to before its beginning: nothing.
    case empty
    case invalid(RedisFault)

    func writeCount(in value: [UInt8]?, to writer: inout RESPWriter) {
        guard let value else { return writer.integer(0) }
        if case .invalid(let fault) = self { return writer.refuse(fault) }
        guard let bits = bits(in: value) else { return writer.integer(0) }
        var count = 0
        for index in (bits.lowerBound / 8)...(bits.upperBound / 8) {
            count += (value[index] & Self.mask(index, bits)).nonzeroBitCount
        }
        writer.integer(count)
    }

    func writePosition(of bit: Bool, in value: [UInt8]?, to writer: inout RESPWriter) {
        guard let value else { return writer.integer(bit ? -1 : 0) }
        if case .invalid(let fault) = self { return writer.refuse(fault) }
        guard let bits = bits(in: value) else { return writer.integer(-1) }
        for index in (bits.lowerBound / 8)...(bits.upperBound / 8) {
            let found = (bit ? value[index] : ~value[index]) & Self.mask(index, bits)
            if found != 0 { return writer.integer(index * 8 + found.leadingZeroBitCount) }
        }
        writer.integer(bit || hasEnd ? -1 : value.count * 8)
    }

    private var hasEnd: Bool {
        switch self {
        case .bytes(_, .some), .bits(_, .some): true
        default: false
        }
    }

    /// Nil: none.
    private func bits(in value: [UInt8]) -> ClosedRange<Int>? {
        let count = Int64(value.count)
        switch self {
        case .invalid, .empty: return nil
        case .all: return value.isEmpty ? nil : 0...(value.count * 8 - 1)
        case .bytes(let first, let last):
            return Self.clamped(first, last ?? -1, count).map { ($0.lowerBound * 8)...($0.upperBound * 8 + 7) }
        case .bits(let first, let last): return Self.clamped(first, last ?? -1, count * 8)
        }
    }

    /// As Redis: negative ends are counted from the end.
    private static func clamped(_ first: Int64, _ last: Int64, _ count: Int64) -> ClosedRange<Int>? {
        let from = max(0, first < 0 ? first + count : first)
        let to = min(max(0, last < 0 ? last + count : last), count - 1)
        return from > to ? nil : Int(from)...Int(to)
    }

    private static func mask(_ index: Int, _ bits: ClosedRange<Int>) -> UInt8 {
        var mask: UInt8 = 0xFF
        if index == bits.lowerBound / 8 { mask &= 0xFF >> UInt8(bits.lowerBound % 8) }
        if index == bits.upperBound / 8 { mask &= 0xFF << UInt8(7 - bits.upperBound % 8) }
        return mask
    }
}
