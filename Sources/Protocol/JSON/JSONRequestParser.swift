/// Reads one request from the text of one object. It keeps memory from request to request; share one among
/// the connections of a thread.
package struct JSONRequestParser {
    private let scanner = JSONScanner()

    package init() {}

    package func parse(_ bytes: Span<UInt8>) throws(JSONRequestError) -> JSONRequest {
        var draft = JSONRequestDraft()
        do throws(JSONFault) {
            var fields = try JSONFields(bytes, scanner: scanner)
            while let field = try fields.next(in: bytes) { draft.take(field, in: bytes) }
        } catch {
            throw draft.error(error)
        }
        return try draft.finish()
    }

    package func parse(_ bytes: [UInt8]) throws(JSONRequestError) -> JSONRequest { try parse(bytes.span) }
}
