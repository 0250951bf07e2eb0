import CSimdJSON

/// simdjson's first stage: checks UTF-8 and finds where every bracket, colon, comma and scalar begins.
///
/// Only this stage is used, not simdjson's document: it reads the bytes where they are, without the padding
/// and the tape that its second stage needs; an `id` can be echoed as it was written; and numbers beyond 64
/// bits, which are JSON too, stay numbers. What is left for us is a walk over a few offsets (`JSONFields`).
///
/// It keeps the memory of its index from text to text; share one among the connections of a thread.
final class JSONScanner {
    private let json: OpaquePointer?

    init() { json = torc_json_create() }
    deinit { torc_json_destroy(json) }

    /// The offsets within `bytes`, ascending and not empty; valid until the next call.
    func index(_ bytes: Span<UInt8>) throws(JSONFault) -> UnsafeBufferPointer<UInt32> {
        guard let json else { throw JSONFault("out of memory") }
        var indexes: UnsafePointer<UInt32>?
        var count = 0
        let code = bytes.withUnsafeBufferPointer { buffer in
            torc_json_index(json, buffer.baseAddress, buffer.count, &indexes, &count)
        }
        guard code == TORC_JSON_OK.rawValue, count > 0 else { throw JSONScanner.fault(code) }
        return UnsafeBufferPointer(start: indexes, count: count)
    }

    /// The implementation that simdjson chose for this CPU, such as `haswell`.
    static var implementation: String { String(cString: torc_json_implementation()) }

    private static func fault(_ code: Int32) -> JSONFault {
        switch UInt32(bitPattern: code) {
        case TORC_JSON_UTF8.rawValue: JSONFault("invalid UTF-8")
        case TORC_JSON_CONTROL.rawValue: JSONFault("bad JSON: a control character in a string")
        case TORC_JSON_UNCLOSED.rawValue: JSONFault("bad JSON: a string without an end")
        case TORC_JSON_EMPTY.rawValue: JSONFault("bad JSON: nothing there")
        case TORC_JSON_MEMORY.rawValue: JSONFault("out of memory")
        default: JSONFault("bad JSON")
        }
    }
}
