/// Writes times as RFC 3339 has them. It remembers the last date, since what is written one behind another is mostly of a day.
struct RFC3339Writer {
    private var day: UInt64 = .max
    /// The date of that day, and five bytes more.
    private var date = SIMD16<UInt8>()

    /// - Parameter start: there is room for `Timestamp.rfc3339Bytes`.
    /// - Returns: so many.
    @inline(__always)
    mutating func write(_ time: Timestamp, to start: UnsafeMutablePointer<UInt8>) -> Int {
        if time.writableDay != day { remember(time.writableDay) }
        UnsafeMutableRawPointer(start).storeBytes(of: date, as: SIMD16<UInt8>.self)
        time.writeTime(to: start)
        return Timestamp.rfc3339Bytes
    }

    @inline(never)
    private mutating func remember(_ day: UInt64) {
        self.day = day
        withUnsafeMutableBytes(of: &date) { bytes in
            if let start = bytes.baseAddress { Timestamp.writeDate(ofDay: day, to: start.assumingMemoryBound(to: UInt8.self)) }
        }
    }
}
