/// One command of a Redis client: its words, of any bytes, the first of them its name.
package struct RESPCommand: Equatable, Sendable {
    private let bytes: [UInt8]
    private let words: [Range<Int>]
    private let large: [LargeWord]

    /// A word that has its own memory, so that nobody need copy it.
    struct LargeWord: Sendable {
        let bytes: [UInt8]
        let digest: ContentDigest?
    }

    /// - Parameters:
    ///   - bytes: what the ranges refer to.
    ///   - words: at least one; where a large one stands, `placeOfLarge`.
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

    package subscript(index: Int) -> [UInt8] { large(index)?.bytes ?? Array(bytes[words[index]]) }

    package func slice(_ index: Int) -> ArraySlice<UInt8> { large(index).map { $0.bytes[...] } ?? bytes[words[index]] }

    /// Of a large word; nil: it is not known.
    package func digest(_ index: Int) -> ContentDigest? { large(index)?.digest }

    /// What stands among the words for a large one: no range of bytes.
    static func placeOfLarge(_ number: Int) -> Range<Int> { (-1 - number)..<(-1 - number) }

    private func large(_ index: Int) -> LargeWord? {
        let place = words[index].lowerBound
        return place < 0 ? large[-1 - place] : nil
    }

    package static func == (left: RESPCommand, right: RESPCommand) -> Bool {
        left.count == right.count && (0..<left.count).allSatisfy { left.slice($0) == right.slice($0) }
    }
}
