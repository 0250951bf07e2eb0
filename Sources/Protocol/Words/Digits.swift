/// The decimal digits of a number, as every text protocol writes them.
enum Digits {
    /// Of the largest number.
    static let countMax = 20

    /// - Parameter start: there is room for `countMax` bytes.
    /// - Returns: how many it wrote.
    static func write(_ number: UInt64, to start: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 1
        var bound: UInt64 = 10
        while number >= bound {
            count += 1
            if count == countMax { break }
            bound *= 10
        }
        var rest = number
        for index in stride(from: count - 1, through: 0, by: -1) {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            start[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        return count
    }
}

extension [UInt8] {
    /// Appends what `body` writes, without a look at each byte.
    /// - Parameters:
    ///   - count: how many bytes there must be room for.
    ///   - body: gets the place for them, and returns how many it wrote, no more than `count`.
    @inline(__always)
    package mutating func append(upTo count: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        append(addingCapacity: count) { span in
            span.withUnsafeMutableBufferPointer { buffer, filled in
                if let start = buffer.baseAddress { filled += body(start + filled) }
            }
        }
    }
}
