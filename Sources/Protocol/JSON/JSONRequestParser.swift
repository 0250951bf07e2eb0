/// Reads one request from the text of one object. It keeps memory from request to request; share one among
/// the connections of a thread.
package struct JSONRequestParser {
    private let scanner = JSONScanner()
    private var allowsBatches = true

    package init() {}

    /// The same memory, for the writes of a batch.
    var forWrites: JSONRequestParser {
        var parser = self
        parser.allowsBatches = false
        return parser
    }

    package func parse(_ bytes: Span<UInt8>) throws(JSONRequestError) -> JSONRequest {
        var draft = JSONRequestDraft()
        do throws(JSONFault) {
            var fields = try JSONFields(bytes, scanner: scanner)
            while let field = try fields.next(in: bytes) { draft.take(field, in: bytes) }
        } catch {
            throw draft.error(error)
        }
        return try draft.finish(allowsBatches ? self : nil)
    }

    package func parse(_ bytes: [UInt8]) throws(JSONRequestError) -> JSONRequest { try parse(bytes.span) }
}
