/// Splits a command that was typed as a line, as Redis does: words between white space; `"…"` with escapes `\n`, `\r`,
/// `\t`, `\b`, `\a`, `\xHH` and `\` before any other byte; `'…'` with `\'`. After a closing quote white space must follow.
enum RESPInline {
    /// - Returns: no words for a blank line.
    /// - Throws: where a quote is not closed.
    static func split(_ line: ArraySlice<UInt8>) throws(RESPFault) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var rest = line
        while true {
            rest = rest.drop(while: isSpace)
            guard !rest.isEmpty else { return words }
            words.append(try takeWord(&rest))
        }
    }

    private static func takeWord(_ rest: inout ArraySlice<UInt8>) throws(RESPFault) -> [UInt8] {
        var word: [UInt8] = []
        while let byte = rest.first, !isSpace(byte) {
            rest.removeFirst()
            switch byte {
            case UInt8(ascii: "\""):
                try takeQuoted(&rest, into: &word)
                return word
            case UInt8(ascii: "'"):
                try takeLiteral(&rest, into: &word)
                return word
            default: word.append(byte)
            }
        }
        return word
    }

    private static func takeQuoted(_ rest: inout ArraySlice<UInt8>, into word: inout [UInt8]) throws(RESPFault) {
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return try checkEnd(rest)
            case UInt8(ascii: "\\"):
                guard let next = rest.popFirst() else { throw unbalanced }
                word.append(escaped(next, &rest))
            default: word.append(byte)
            }
        }
        throw unbalanced
    }

    private static func takeLiteral(_ rest: inout ArraySlice<UInt8>, into word: inout [UInt8]) throws(RESPFault) {
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "'") { return try checkEnd(rest) }
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "'") {
                word.append(rest.removeFirst())
            } else {
                word.append(byte)
            }
        }
        throw unbalanced
    }

    private static func escaped(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): return UInt8(ascii: "\n")
        case UInt8(ascii: "r"): return UInt8(ascii: "\r")
        case UInt8(ascii: "t"): return UInt8(ascii: "\t")
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "a"): return 7
        case UInt8(ascii: "x"):
            guard rest.count >= 2, let high = hex(rest[rest.startIndex]), let low = hex(rest[rest.startIndex + 1])
            else { return byte }
            rest.removeFirst(2)
            return high << 4 | low
        default: return byte
        }
    }

    private static func checkEnd(_ rest: ArraySlice<UInt8>) throws(RESPFault) {
        if let next = rest.first, !isSpace(next) { throw unbalanced }
    }

    private static let unbalanced = RESPFault("unbalanced quotes in request")

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) || byte == 0 }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
