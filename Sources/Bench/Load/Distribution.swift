/// Which keys are asked for.
package enum Distribution: String, CaseIterable, Sendable {
    /// Each as often as any other.
    case uniform
    /// Few of them most of the time, and those spread over the whole range.
    case zipf
    /// The newest ones most of the time.
    case latest
}
