/// What clients keep under a key.
package enum KeyKind: Int, CaseIterable, Sendable {
    /// Values that nobody else ever writes.
    case register
    /// A number.
    case counter
    /// Pieces one after the other, each of them put there once.
    case list
    /// Values that nobody else ever writes, and the same under a second key of the slot: always both in one step.
    case twins
}
