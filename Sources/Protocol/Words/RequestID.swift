/// Names one write, so that it takes effect at most once however often it is sent.
package struct RequestID: Hashable, Sendable {
    /// Who gave the number: made at random by a client or by a coordinator at its start.
    package let origin: UInt64
    package let number: UInt64

    package init(origin: UInt64, number: UInt64) {
        self.origin = origin
        self.number = number
    }

    /// Of a write that nobody will send again: the removal of an expired entry, or what is answered as it comes. No
    /// member remembers it; else a flood of them would have those of clients forgotten.
    package init(own version: Version) { self.init(origin: 0, number: version.rawValue) }

    /// The origins of clients that name their writes themselves have this bit, those of nodes do not.
    private static let namedBit: UInt64 = 1 << 63

    package static func originOfClient(_ hash: UInt64) -> UInt64 { hash | namedBit }
    package static func originOfNode(_ random: UInt64) -> UInt64 { max(random & ~namedBit, 1) }

    /// Whether a client gave the number: of its writes a later one has a higher number.
    package var isNamed: Bool { origin & RequestID.namedBit != 0 }

    /// Whether a primary made it for itself. No client may use such an id.
    package var isOwn: Bool { origin == 0 }
}
