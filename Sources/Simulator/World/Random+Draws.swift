import Cluster

/// Draws in integers, so that every machine draws the same.
extension Random {
    /// True in `permille` of a thousand draws.
    mutating func chance(permille: Int) -> Bool { Int.random(in: 0..<1_000, using: &self) < permille }

    mutating func duration(in range: ClosedRange<Duration>) -> Duration {
        let bounds = range.lowerBound.wholeMicroseconds...range.upperBound.wholeMicroseconds
        return .microseconds(Int64(UInt64.random(in: bounds, using: &self)))
    }

    /// A generator of its own for one purpose, so that a change in how much one part of the world draws leaves
    /// the other parts as they are.
    init(seed: UInt64, purpose: UInt64) {
        var mixer = Random(seed: seed ^ (purpose &* 0x9E37_79B9_7F4A_7C15))
        self.init(seed: mixer.next())
    }
}
