/// A name of at most 16 bytes in one piece, in lower case: quick to look up.
struct CommandName: Hashable {
    private let high: UInt64
    private let low: UInt64
    /// Zero bytes before a name make another one of it.
    private let count: Int

    /// Nil: too long for any.
    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count <= 16 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for byte in bytes {
            let lower = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
            words.0 = words.0 << 8 | words.1 >> 56
            words.1 = words.1 << 8 | UInt64(lower)
        }
        (high, low) = words
        count = bytes.count
    }
}
