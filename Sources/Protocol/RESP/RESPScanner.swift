/// Reads what of a client's command lies whole in what has come, a byte or a word at a time, without a copy and without
/// faults: where it finds something else it says so, and `RESPReader` tells what it is.
struct RESPScanner {
    enum Name { case get, set }

    let bytes: UnsafeRawBufferPointer
    var position: Int

    // Bytes as words, the first in the lowest place.
    private static let getHead: UInt64 = 0x0A0D_3324_0A0D_322A  // *2, $3, with their lines' ends
    private static let setHead: UInt64 = 0x0A0D_3324_0A0D_332A  // *3, $3
    private static let get: UInt32 = 0x0D74_6567  // get and CR
    private static let set: UInt32 = 0x0D74_6573
    private static let lowercase: UInt32 = 0x0020_2020
    private static let lineEnd: UInt16 = 0x0A0D

    /// `*2` or `*3`, `$3` and three letters, with their lines' ends.
    mutating func name() -> Name? {
        guard bytes.count - position >= 13, bytes[position + 12] == UInt8(ascii: "\n") else { return nil }
        let head: UInt64 = word(at: position)
        let letters: UInt32 = word(at: position + 8) | Self.lowercase
        position += 13
        if head == Self.getHead, letters == Self.get { return .get }
        if head == Self.setHead, letters == Self.set { return .set }
        return nil
    }

    /// `$`, a length of at most seven digits, and so many bytes, with their lines' ends.
    mutating func bulk(max: Int) -> Range<Int>? {
        let count = bytes.count
        guard count - position >= 6, bytes[position] == UInt8(ascii: "$") else { return nil }
        var index = position + 1
        let digitsEnd = Swift.min(index + 7, count - 4)
        var length = 0
        while index < digitsEnd, case let digit = bytes[index] &- UInt8(ascii: "0"), digit <= 9 {
            length = length &* 10 &+ Int(digit)
            index += 1
            // Nothing follows a zero that leads.
            if length == 0 { break }
        }
        guard index > position + 1, length <= max, count - index >= length + 4, endsLine(at: index),
            endsLine(at: index + 2 + length)
        else { return nil }
        position = index + length + 4
        return Range(uncheckedBounds: (index + 2, index + 2 + length))
    }

    /// `*` and a count from 2 to 9, with their line's end.
    mutating func count() -> Int? {
        guard bytes.count - position >= 4, bytes[position] == UInt8(ascii: "*"), endsLine(at: position + 2),
            case let digit = bytes[position + 1] &- UInt8(ascii: "0"), (2...9).contains(digit)
        else { return nil }
        position += 4
        return Int(digit)
    }

    /// - Precondition: there are two bytes at `index`.
    private func endsLine(at index: Int) -> Bool { word(at: index) as UInt16 == Self.lineEnd }

    /// - Precondition: there are so many bytes at `index`.
    private func word<Word: FixedWidthInteger & BitwiseCopyable>(at index: Int) -> Word {
        Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: Word.self))
    }
}
