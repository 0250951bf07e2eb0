/// A GET of a key or a SET of a value, without options, in the words that every client library uses: most of what is
/// asked, so that it is found without a copy of its words.
package struct PlainCommand {
    /// Of the bytes that wait.
    package let key: Range<Int>
    /// Nil: it is a GET.
    package let value: Range<Int>?
    /// Its first byte, and the first behind it.
    let start: Int
    let end: Int
}

/// What finds plain commands in a stream, besides all others.
package protocol PlainCommandReader {
    /// The command behind `last` (nil: the next one), where it is a plain one and all of it is there; nothing is taken
    /// until `skip`.
    /// - Parameter bytes: those of `withBytes`.
    func plain(after last: PlainCommand?, in bytes: UnsafeRawBufferPointer) -> PlainCommand?

    /// Whether the command, found earlier, is the next one now.
    func isNext(_ command: PlainCommand) -> Bool

    /// The bytes that the ranges of a plain command refer to, until more are appended.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R

    /// Takes all up to the end of the command.
    mutating func skip(_ command: PlainCommand)
}

extension PlainCommandReader {
    package func bytes(in range: Range<Int>) -> [UInt8] { withBytes { Array($0[range]) } }
}
