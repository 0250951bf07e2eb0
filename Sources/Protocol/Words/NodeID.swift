/// The name of a node: 1 to 64 characters of `A–Z a–z 0–9 . _ -`, unique in its ring and kept for ever.
package struct NodeID: Hashable, Comparable, Sendable {
    package static let lengthMax = 64

    package let text: String
    /// Of the text, FNV-1a: names are looked up and compared for every message of a peer.
    @usableFromInline let hash: UInt64

    /// Nil when `text` is not a valid name.
    package init?(_ text: String) {
        guard (1...NodeID.lengthMax).contains(text.utf8.count), text.utf8.allSatisfy(NodeID.isAllowed)
        else { return nil }
        self.text = text
        hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    @inlinable package static func == (left: NodeID, right: NodeID) -> Bool { left.hash == right.hash && left.text == right.text }

    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "-"):
            true
        default: false
        }
    }

    package static func < (left: NodeID, right: NodeID) -> Bool { left.text < right.text }
}

extension NodeID: CustomStringConvertible {
    package var description: String { text }
}
