/// How well this node itself is doing: 0 is well. A node that misses answers it should have had, or that
/// others suspect, gives others more time before it accuses them. (Dadgar, Phillips, Currey: Lifeguard,
/// DSN 2018, section IV.A: local health multiplier.)
struct LocalHealth {
    private(set) var score = 0
    private let scoreMax: Int

    init(factorMax: Int) { scoreMax = max(factorMax, 1) - 1 }

    mutating func worsen(by count: Int = 1) { score = min(score + max(count, 0), scoreMax) }
    mutating func improve() { score = max(score - 1, 0) }

    /// `span` as this node should wait in its present state.
    func stretched(_ span: Duration) -> Duration { span * (score + 1) }
}
