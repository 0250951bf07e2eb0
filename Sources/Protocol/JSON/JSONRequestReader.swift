/// The requests of one connection, in order, from the pieces in which its bytes come.
///
/// ```
/// reader.append(piece)
/// while true {
///     do { guard let request = try reader.next() else { break }; … } catch { answer it; close if it closes }
/// }
/// ```
package final class JSONRequestReader {
    private var framer: JSONFramer
    private let parser: JSONRequestParser

    /// - Parameter parser: shared by the connections of a thread.
    package init(parser: JSONRequestParser, objectBytesMax: Int = Limits.jsonObjectBytesMax) {
        self.parser = parser
        framer = JSONFramer(objectBytesMax: objectBytesMax)
    }

    /// After an error that closes.
    package var isClosed: Bool { framer.isClosed }
    /// Bytes that wait: for the rest of their object, or for `next` to be called.
    package var pendingBytes: Int { framer.pendingBytes }

    package func append(_ piece: UnsafeRawBufferPointer) { framer.append(piece) }
    package func append(_ piece: [UInt8]) { framer.append(piece) }

    /// The next request; nil when more bytes are needed. After an error the next call goes on behind it.
    package func next() throws(JSONRequestError) -> JSONRequest? {
        switch framer.next() {
        case nil: nil
        case .fault(let fault): throw JSONRequestError(fault)
        case .object(let range): try parser.parse(framer.bytes.span.extracting(range))
        }
    }
}

extension JSONRequestReader: PlainCommandReader {
    package func plain(after last: PlainCommand?, in bytes: UnsafeRawBufferPointer) -> PlainCommand? {
        framer.plain(after: last, in: bytes)
    }
    package func isNext(_ command: PlainCommand) -> Bool { framer.isNext(command) }
    package func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R { try framer.withBytes(body) }
    package func skip(_ command: PlainCommand) { framer.skip(command) }
}
