/// What a compare-and-set wants to find under its key. An expired value reads as absent.
package enum Expectation: Equatable, Sendable {
    case absent
    case value([UInt8])
    /// The value that this write made.
    case version(Version)
}
