import Cluster

/// What membership must reach, by the size of the ring. docs/membership.md has the goals and what was
/// measured.
package struct MembershipGoals {
    /// A killed node is known dead by all: 5 s up to 10 nodes, 8 s at 100, 12 s at 1,000, and between these
    /// and beyond along a line over the logarithm.
    package let deathMax: Duration
    /// A node that joins is known by all.
    package let joinMax: Duration = .seconds(3)
    /// Sent by any node while nothing happens.
    package let bytesPerSecondMax = 5_000.0

    package init(nodes: Int) {
        let milliDecades = max(MembershipGoals.log10Milli(nodes) - 1_000, 0)
        let first = min(milliDecades, 1_000)
        deathMax = .milliseconds(5_000 + 3 * first + 4 * (milliDecades - first))
    }

    private static func log10Milli(_ value: Int) -> Int {
        var (power, milli) = (1, 0)
        while power * 10 <= value {
            power *= 10
            milli += 1_000
        }
        // Straight between powers of ten.
        return milli + (value - power) * 1_000 / (9 * power)
    }
}
