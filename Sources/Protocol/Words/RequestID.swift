/// Names one write, so that it takes effect at most once however often it is sent.
package struct RequestID: Hashable, Sendable {
    /// Who gave the number: made at random by a client or by a coordinator at its start.
    package let origin: UInt64
    package let number: UInt64

    package init(origin: UInt64, number: UInt64) {
        self.origin = origin
        self.number = number
    }

    /// Of a write that no client asked for: the removal of an expired entry. Nobody sends it again, so no member
    /// remembers it; else a flood of them would have those of clients forgotten.
    package init(ofRemoval version: Version) { self.init(origin: 0, number: version.rawValue) }

    /// Whether a primary made it for itself. No client may use such an id.
    package var isOwn: Bool { origin == 0 }
}
