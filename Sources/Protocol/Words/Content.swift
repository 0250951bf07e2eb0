/// The bytes of a value, and of a large one its digest: one word, as the bytes alone.
package enum Content: Sendable {
    case plain([UInt8])
    case digested(DigestedValue)

    package init(_ bytes: [UInt8], digest: ContentDigest?) {
        if let digest { self = .digested(DigestedValue(bytes, digest)) } else { self = .plain(bytes) }
    }

    package var bytes: [UInt8] {
        switch self {
        case .plain(let bytes): bytes
        case .digested(let value): value.bytes
        }
    }

    /// Of a large value, as the primary took it: members count the entry by it. Nil: by the value itself.
    package var digest: ContentDigest? {
        if case .digested(let value) = self { value.digest } else { nil }
    }
}

extension Content: Equatable {
    package static func == (one: Content, other: Content) -> Bool { one.digest == other.digest && one.bytes == other.bytes }
}

/// A large value with its digest.
package final class DigestedValue: Sendable {
    package let bytes: [UInt8]
    package let digest: ContentDigest

    init(_ bytes: [UInt8], _ digest: ContentDigest) {
        self.bytes = bytes
        self.digest = digest
    }
}
