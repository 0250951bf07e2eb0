import CUV
import Glibc

/// What the system refused, in words that can be shown to a user.
package struct IOError: Error, Hashable, Sendable {
    /// libuv's number, negative (`UV_ECONNREFUSED.rawValue`).
    package let code: Int32
    package let text: String

    /// - Parameter context: what was tried, put before the system's words.
    package init(_ code: Int32, _ context: String? = nil) {
        self.code = code
        let words = IOError.words(for: code)
        text = context.map { "\($0): \(words)" } ?? words
    }

    package init(_ code: Int32, saying text: String) {
        self.code = code
        self.text = text
    }

    init(_ code: uv_errno_t, _ context: String? = nil) { self.init(code.rawValue, context) }

    /// Throws what a libuv call returned, if it is an error.
    static func check(_ code: Int32, _ context: @autoclosure () -> String? = nil) throws(IOError) {
        if code < 0 { throw IOError(code, context()) }
    }

    /// Of `errno` as libuv numbers it.
    static var last: Int32 { uv_translate_sys_error(errno) }

    /// `uv_strerror` would leak a string for every unknown code.
    private static func words(for code: Int32) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            uv_strerror_r(code, buffer.baseAddress, buffer.count)
            return buffer.baseAddress.map { String(cString: $0) } ?? "error \(code)"
        }
    }
}

extension IOError: CustomStringConvertible {
    package var description: String { text }
}

extension IOError {
    /// The machine answered, but nothing listens there.
    package var isConnectionRefused: Bool { code == UV_ECONNREFUSED.rawValue }

    /// The other side broke the connection off, as the system does where a process has ended.
    package var isConnectionReset: Bool { code == UV_ECONNRESET.rawValue }
}
