/// One command of a Redis client: its words, of any bytes, the first of them its name.
package struct RESPCommand: Equatable, Sendable {
    private let bytes: [UInt8]
    private let words: [Range<Int>]

    /// - Parameters:
    ///   - bytes: what the ranges refer to.
    ///   - words: at least one.
    init(_ bytes: [UInt8], words: [Range<Int>]) {
        self.bytes = bytes
        self.words = words
    }

    package init(_ words: [[UInt8]]) {
        var bytes: [UInt8] = []
        var ranges: [Range<Int>] = []
        for word in words {
            ranges.append(bytes.count..<(bytes.count + word.count))
            bytes += word
        }
        self.init(bytes, words: ranges)
    }

    /// How many words it has, its name included.
    package var count: Int { words.count }
    /// How many bytes its words have together.
    package var size: Int { words.reduce(0) { $0 + $1.count } }

    package subscript(index: Int) -> [UInt8] { Array(bytes[words[index]]) }

    package func slice(_ index: Int) -> ArraySlice<UInt8> { bytes[words[index]] }

    package static func == (left: RESPCommand, right: RESPCommand) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left.slice($0) == right.slice($0) }
    }
}
