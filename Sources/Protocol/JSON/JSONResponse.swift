/// An answer of the public protocol, as a client sees it.
package struct JSONResponse: Equatable, Sendable {
    /// The request's id as it was written.
    package var id: [UInt8]?
    package var key: [UInt8]?
    /// Plain, also where it came as base64.
    package var value: [UInt8]?
    /// When the write took place, RFC 3339.
    package var timestamp: String?
    package var version: String?
    /// How many bytes the value has after an APPEND.
    package var length: Int64?
    /// Whether the status is SUCCESS.
    package var isSuccess = false
    package var error: String?
    /// The node that served the request.
    package var node: String?

    /// What was there before a write that was asked for it.
    package var old: [UInt8]?
    package var oldVersion: String?

    package init() {}

    package var isNotFound: Bool { !isSuccess && error == "key not found" }
    /// A condition was not met.
    package var isConflict: Bool { !isSuccess && error == "conflict" }
}
