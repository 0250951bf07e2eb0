/// Why what a Redis client sent is no command. Its connection is closed after the answer, as Redis does.
package struct RESPFault: Error, Equatable, Sendable {
    /// In Redis's words, without `ERR`; perhaps with a byte that the client sent.
    package let message: [UInt8]

    init(_ message: String) { self.message = Array("Protocol error: \(message)".utf8) }

    /// - Parameter byte: in the place of the `$` of a bulk string. Redis's sentence ends where it is 0.
    init(expectedDollarGot byte: UInt8) {
        let begin = Array("Protocol error: expected '$', got '".utf8)
        message = byte == 0 ? begin : begin + [byte, UInt8(ascii: "'")]
    }
}
