import Protocol

/// An operation as a client asks for it.
struct ClientOperation {
    let operation: Operation
    let key: [UInt8]
    /// Nil: that of `key`.
    var slot: Slot?
    let consistency: Consistency
    /// The client's own name for a write; nil: it gave none.
    var name: RequestName?
}
