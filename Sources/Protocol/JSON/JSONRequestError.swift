/// Why a request is refused, and what its answer can say of it.
package struct JSONRequestError: Error, Equatable, Sendable {
    /// One line that names what is wrong.
    package let message: String
    /// The request's id, where it could be read.
    package let id: [UInt8]?
    /// The request's key, where it could be read and is one.
    package let key: [UInt8]?
    /// The connection cannot be used any more: answer, then close.
    package let closes: Bool

    package init(_ fault: JSONFault, id: [UInt8]? = nil, key: [UInt8]? = nil) {
        message = fault.message
        closes = fault.closes
        self.id = id
        self.key = key
    }
}
