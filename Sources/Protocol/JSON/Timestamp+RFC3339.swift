extension Timestamp {
    /// The last moment that RFC 3339 can write, in the year 9999.
    private static let writableMax: UInt64 = 253_402_300_799_999

    /// Appends the time in UTC with milliseconds, such as `2026-11-21T09:00:00.123Z` (RFC 3339). A time after
    /// the year 9999 is written as the last moment of it.
    package func appendRFC3339(to output: inout [UInt8]) {
        let clamped = min(milliseconds, Timestamp.writableMax)
        let date = Timestamp.civil(day: clamped / 86_400_000)
        let time = clamped % 86_400_000
        var text = InlineArray<24, UInt8>(repeating: UInt8(ascii: "-"))
        func put(_ value: UInt64, at start: Int, digits: Int) {
            var rest = UInt32(truncatingIfNeeded: value)
            for index in (start..<(start + digits)).reversed() {
                text[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
        }
        put(date.year, at: 0, digits: 4)
        put(date.month, at: 5, digits: 2)
        put(date.day, at: 8, digits: 2)
        text[10] = UInt8(ascii: "T")
        put(time / 3_600_000, at: 11, digits: 2)
        text[13] = UInt8(ascii: ":")
        put(time / 60_000 % 60, at: 14, digits: 2)
        text[16] = UInt8(ascii: ":")
        put(time / 1000 % 60, at: 17, digits: 2)
        text[19] = UInt8(ascii: ".")
        put(time % 1000, at: 20, digits: 3)
        text[23] = UInt8(ascii: "Z")
        text.span.withUnsafeBufferPointer { output.append(contentsOf: $0) }
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
