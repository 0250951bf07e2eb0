/// What a search found.
package enum Finding: Equatable, Sendable {
    case linearizable, illegal, undecided
}
