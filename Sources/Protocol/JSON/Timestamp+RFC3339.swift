extension Timestamp {
    /// The last moment that RFC 3339 can write, in the year 9999.
    private static let writableMax: UInt64 = 253_402_300_799_999

    /// Appends the time in UTC with milliseconds, such as `2026-11-21T09:00:00.123Z` (RFC 3339). A time after
    /// the year 9999 is written as the last moment of it.
    package func appendRFC3339(to output: inout [UInt8]) {
        output.append(upTo: Timestamp.rfc3339Bytes) { writeRFC3339(to: $0) }
    }

    static let rfc3339Bytes = 24

    /// - Parameter start: there is room for `rfc3339Bytes` bytes.
    /// - Returns: so many.
    private func writeRFC3339(to start: UnsafeMutablePointer<UInt8>) -> Int {
        Timestamp.writeDate(ofDay: writableDay, to: start)
        writeTime(to: start)
        return Timestamp.rfc3339Bytes
    }

    private var writable: UInt64 { min(milliseconds, Timestamp.writableMax) }

    /// Counted from 1970-01-01.
    var writableDay: UInt64 { writable / 86_400_000 }

    private static func put(
        _ value: UInt32, before mark: Unicode.Scalar, at index: Int, of start: UnsafeMutablePointer<UInt8>
    ) {
        start[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10)
        start[index + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10)
        start[index + 2] = UInt8(ascii: mark)
    }

    /// The first 11 bytes, to the `T`.
    static func writeDate(ofDay day: UInt64, to start: UnsafeMutablePointer<UInt8>) {
        let date = civil(day: day)
        let year = UInt32(truncatingIfNeeded: date.year)
        put(year / 100, before: "-", at: 0, of: start)
        put(year % 100, before: "-", at: 2, of: start)
        put(UInt32(truncatingIfNeeded: date.month), before: "-", at: 5, of: start)
        put(UInt32(truncatingIfNeeded: date.day), before: "T", at: 8, of: start)
    }

    /// What follows the date.
    @inline(__always)
    func writeTime(to start: UnsafeMutablePointer<UInt8>) {
        let time = UInt32(truncatingIfNeeded: writable % 86_400_000)
        let (second, millisecond) = (time / 1_000, time % 1_000)
        Timestamp.put(second / 3_600, before: ":", at: 11, of: start)
        Timestamp.put(second / 60 % 60, before: ":", at: 14, of: start)
        Timestamp.put(second % 60, before: ".", at: 17, of: start)
        start[20] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: millisecond / 100)
        Timestamp.put(millisecond % 100, before: "Z", at: 21, of: start)
    }

    package var rfc3339: String {
        var text: [UInt8] = []
        appendRFC3339(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The date of a day counted from 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date
    /// algorithms", civil_from_days): eras of 400 years, years that begin in March.
    private static func civil(day: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        )
    }
}
