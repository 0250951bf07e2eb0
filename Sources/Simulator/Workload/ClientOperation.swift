import Protocol

/// What a simulated client shall do next, decided before the run begins.
package struct ClientOperation: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case get
        case set
        case setWithTTL(Duration)
        case delete
        /// A value under the key, and the same under a second key of its slot, or none there, in one step.
        case pair(isSecondDeleted: Bool)
        case add(Int64)
        /// A piece that nobody else appends.
        case append
        /// Against what this client saw last of the key.
        case compareAndSet
        /// A transaction that reads the first twin and sets both, where both are what this client saw last.
        case swapTwins
        case setTwins
        /// Both at one moment.
        case getTwins
        /// So many appends and reads of one key, by turns, none of which waits for an answer.
        case burst(Int)
    }

    package let kind: Kind
    package let keyKind: KeyKind
    /// The number of the key among those of its kind.
    package let key: Int
    package let consistency: Consistency
    /// How long the client waits before it begins.
    package let pause: Duration
    /// Which node it asks, of those that it can reach.
    package let node: Int
    /// How often it sends the same request again, under the same id, to another node, when it got no answer.
    package let retries: Int
    /// After how long it does so though the first may still be under way; nil: it waits for its end.
    package let patience: Duration?

    package var isWrite: Bool { kind != .get && kind != .getTwins }
}

extension ClientOperation: CustomStringConvertible {
    package var description: String {
        let level = consistency == .quorum ? "" : " at \(consistency.name)"
        let again = retries == 0 ? "" : ", again \(retries) times if need be"
        return "after \(pause.wholeMilliseconds) ms: \(kind) \(keyKind) \(key)\(level)\(again)"
    }
}
