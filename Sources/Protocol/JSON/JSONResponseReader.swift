/// The answers that come back on one connection, in order, from the pieces in which its bytes come.
package struct JSONResponseReader {
    private var framer = JSONFramer()
    private let parser = JSONResponseParser()

    package init() {}

    package mutating func append(_ piece: UnsafeRawBufferPointer) { framer.append(piece) }
    package mutating func append(_ piece: [UInt8]) { framer.append(piece) }

    /// The next answer; nil when more bytes are needed.
    /// - Throws: when what comes is not an answer; a client does best to close the connection.
    package mutating func next() throws(JSONFault) -> JSONResponse? {
        switch framer.next() {
        case nil: nil
        case .fault(let fault): throw fault
        case .object(let range): try parser.parse(framer.bytes.span.extracting(range))
        }
    }
}
