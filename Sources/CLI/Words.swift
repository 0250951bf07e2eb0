/// Cuts a line into words at white space.
///
/// `"…"` and `'…'` hold white space together and may stand anywhere in a word. In `'…'` nothing else is
/// special; in `"…"` and outside a backslash quotes the next byte, and in `"…"` `\n`, `\r`, `\t`, `\0` and
/// `\xHH` are the bytes that they are in C. Bytes, not characters: a value need not be UTF-8.
struct Words {
    private enum Quote { case none, single, double }

    private let line: [UInt8]
    private var at = 0
    private var words: [[UInt8]] = []
    /// The word that is being read; nil between words.
    private var word: [UInt8]?

    static func split(_ line: [UInt8]) throws(UsageError) -> [[UInt8]] {
        var words = Words(line)
        try words.run()
        return words.words
    }

    private init(_ line: [UInt8]) { self.line = line }

    private mutating func run() throws(UsageError) {
        var quote = Quote.none
        while at < line.count {
            let byte = line[at]
            at += 1
            switch (quote, byte) {
            case (.none, 0x20), (.none, 0x09), (.none, 0x0A), (.none, 0x0D):
                endWord()
            case (.none, UInt8(ascii: "'")):
                quote = .single
                word = word ?? []
            case (.none, UInt8(ascii: "\"")):
                quote = .double
                word = word ?? []
            case (.single, UInt8(ascii: "'")), (.double, UInt8(ascii: "\"")):
                quote = .none
            case (.none, UInt8(ascii: "\\")), (.double, UInt8(ascii: "\\")):
                append(try escaped(inQuotes: quote == .double))
            default:
                append(byte)
            }
        }
        guard quote == .none else {
            throw UsageError("a quote \(quote == .single ? "'" : "\"") is not closed")
        }
        endWord()
    }

    private mutating func append(_ byte: UInt8) { word?.append(byte) ?? (word = [byte]) }

    private mutating func endWord() {
        if let word { words.append(word) }
        word = nil
    }

    /// The byte that an escape stands for; its backslash has been read.
    private mutating func escaped(inQuotes: Bool) throws(UsageError) -> UInt8 {
        guard at < line.count else { throw UsageError("a backslash stands at the end") }
        let byte = line[at]
        at += 1
        guard inQuotes else { return byte }
        switch byte {
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "0"): return 0
        case UInt8(ascii: "x"):
            let digits = line[at...].prefix(2)
            guard digits.count == 2, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw UsageError("\\x needs two hexadecimal digits") }
            at += 2
            return value
        default: return byte
        }
    }
}
