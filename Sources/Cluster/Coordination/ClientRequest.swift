import Protocol

/// A write that its client named itself, so that it can send it again, perhaps to another node.
package struct ClientRequest: Equatable, Sendable {
    /// The client's own: its origin is random, and a number is used for one write only.
    package let id: RequestID
    /// Whether the client may have sent it before, to whatever node.
    package let isRetry: Bool

    package init(id: RequestID, isRetry: Bool) {
        self.id = id
        self.isRetry = isRetry
    }

    /// Names clients by the hash of what they call themselves: two that share it by chance would share their
    /// numbers, once in 2⁶³ pairs.
    package init(_ name: RequestName) {
        id = RequestID(origin: RequestID.originOfClient(XXH3.hash(name.client)), number: name.sequence)
        isRetry = name.isRetry
    }
}
