/// What a check of one key's history found.
package enum Verdict: Equatable, Sendable {
    case linearizable
    /// No order explains it. The explanation has many lines.
    case illegal(explanation: String)
    /// Given up after so many steps. For whoever asked that is a failure: nothing was shown.
    case undecided(steps: Int)
}
