/// How a node's failure detector sees another node. Never part of the ring record: a dead node stays a
/// member of its slots until it is evicted.
///
///              no answer                nobody refuted it in time
///     alive ───────────────▶ suspect ───────────────────────────▶ dead
///       ▲    or told so         │                                  │
///       └───────────────────────┴──────────────────────────────────┘
///                 the node itself, with a higher incarnation
///
/// The numbers are on the wire, in the order in which they win within one incarnation: do not change them.
package enum Liveness: UInt8, Comparable, Sendable, CaseIterable {
    case alive = 0
    case suspect = 1
    case dead = 2

    package static func < (left: Liveness, right: Liveness) -> Bool { left.rawValue < right.rawValue }

    /// In the words of STATUS and the logs.
    package var name: String {
        switch self {
        case .alive: "alive"
        case .suspect: "suspect"
        case .dead: "dead"
        }
    }
}
