/// One command of a Redis client: its words, of any bytes, the first of them its name.
package struct RESPCommand: Equatable, Sendable {
    /// A word that has its own memory, so that nobody need copy it.
    struct LargeWord {
        let index: Int
        let bytes: [UInt8]
    }

    private let bytes: [UInt8]
    private let words: [Range<Int>]
    /// Instead of `words`.
    private let large: [LargeWord]

    /// - Parameters:
    ///   - bytes: what the ranges refer to.
    ///   - words: at least one.
    ///   - large: what those words are, whatever their ranges.
    init(_ bytes: [UInt8], words: [Range<Int>], large: [LargeWord] = []) {
        self.bytes = bytes
        self.words = words
        self.large = large
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
    package var size: Int { words.indices.reduce(0) { $0 + slice($1).count } }

    package subscript(index: Int) -> [UInt8] { large(index) ?? Array(bytes[words[index]]) }

    package func slice(_ index: Int) -> ArraySlice<UInt8> { large(index).map { $0[...] } ?? bytes[words[index]] }

    private func large(_ index: Int) -> [UInt8]? {
        large.isEmpty ? nil : large.first { $0.index == index }?.bytes
    }

    package static func == (left: RESPCommand, right: RESPCommand) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left.slice($0) == right.slice($0) }
    }
}
