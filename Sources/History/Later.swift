/// What is known of the time after the point that the incremental checker has come to.
struct Later: Sendable {
    /// Those that begin by `until`, but for refused ones.
    let operations: [KeyOperation]
    let until: UInt64
}
