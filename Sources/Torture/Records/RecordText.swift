/// Values as words of a line: bytes that are no printable ASCII, the percent sign and white space as `%XX`.
enum RecordText {
    /// `-` for nothing, else `=` and the bytes.
    static func word(_ value: [UInt8]?) -> String {
        guard let value else { return "-" }
        var word = "="
        for byte in value {
            if (0x21...0x7E).contains(byte), byte != UInt8(ascii: "%") {
                word.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                word += "%" + hex(byte >> 4) + hex(byte & 15)
            }
        }
        return word
    }

    /// - Throws: for a word that `word` does not make.
    static func value(_ word: Substring) throws(RecordError) -> [UInt8]? {
        if word == "-" { return nil }
        guard word.first == "=" else { throw RecordError("\(word) is no value") }
        var bytes: [UInt8] = []
        var rest = Array(word.utf8)[1...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard digits.utf8.count == 2, let number = UInt8(digits, radix: 16) else {
                throw RecordError("\(word) has a percent sign without two digits")
            }
            bytes.append(number)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    private static func hex(_ digit: UInt8) -> String { String(digit, radix: 16, uppercase: true) }
}
