import Protocol

/// What words of commands say.
extension ArraySlice<UInt8> {
    /// Whether it is that word, in whatever case.
    /// - Parameter word: in lower case.
    package func means(_ word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { word in
            zip(self, word).allSatisfy { byte, expected in
                (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 == expected : byte == expected
            }
        }
    }

    /// Decimal, as Redis reads integers: no sign but `-`, no leading zero, no space.
    package var integer: Int64? {
        guard let first, count <= 20, first != UInt8(ascii: "+"),
            let number = Int64(String(decoding: self, as: UTF8.self)), String(number).utf8.count == count
        else { return nil }
        return number
    }

    package var text: String { String(decoding: self, as: UTF8.self) }
}

extension RESPCommand {
    package func integer(_ index: Int) throws(RedisFault) -> Int64 {
        guard let number = slice(index).integer else { throw .notAnInteger }
        return number
    }

    /// - Throws: where it is too long.
    func key(_ index: Int) throws(RedisFault) -> [UInt8] {
        let key = self[index]
        guard key.count <= Limits.keyBytesMax else { throw .keyTooLong }
        return key
    }

    package var nameText: String { slice(0).text.lowercased() }
}
