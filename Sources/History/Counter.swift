/// A 64-bit number as its decimal text: no sign but a minus, no leading zeros.
package enum Counter {
    /// nil: no number. An absent value is 0.
    package static func number(in value: [UInt8]?) -> Int64? {
        guard let value else { return 0 }
        guard !value.isEmpty, value.count <= 20 else { return nil }
        guard let number = Int64(String(decoding: value, as: UTF8.self)) else { return nil }
        return text(of: number) == value ? number : nil
    }

    package static func text(of number: Int64) -> [UInt8] { Array(String(number).utf8) }
}
