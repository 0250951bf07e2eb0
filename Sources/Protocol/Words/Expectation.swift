/// What a write wants to find under its key; else it changes nothing. An expired value reads as absent.
package enum Expectation: Equatable, Sendable {
    case any
    case absent
    case present
    case value([UInt8])
    /// The value that this write made.
    case version(Version)
    /// A value that never expires.
    case lasting
    /// A value that expires.
    case expiring
    /// A value that expires before the time that the write would give it; one that never expires does not.
    case expiringEarlier
    /// A value that expires after the time that the write would give it, or never.
    case expiringLater
    /// A value that expires, and after the time that the write would give it.
    case endingLater
}
