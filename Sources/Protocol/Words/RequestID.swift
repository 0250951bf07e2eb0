/// Names one write, so that it takes effect at most once however often it is sent.
package struct RequestID: Hashable, Sendable {
    /// Who gave the number: made at random by a client or by a coordinator at its start.
    package let origin: UInt64
    package let number: UInt64

    package init(origin: UInt64, number: UInt64) {
        self.origin = origin
        self.number = number
    }
}
