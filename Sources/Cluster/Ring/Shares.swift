/// How many places each party should have: in proportion to its weight, within its bounds.
///
/// The bounds are what makes a share possible: a node holds a slot at most once, and a zone that must have
/// a replica of every slot cannot have fewer. What a bound keeps from one goes to the others by weight.
/// Shares are counted in 1,024ths of a place, so that rounding does not add up to places.
enum Shares {
    /// One place.
    static let place = 1_024

    /// Who takes part in a division.
    struct Party {
        let weight: Int
        /// Never less than this.
        var atLeast = 0
        /// Never more than this.
        var atMost = Int.max
    }

    /// The smallest shares `clamp(rate × weight)` that add up to `total` or, as each is rounded up, to a
    /// little more. Less where the upper bounds allow no more.
    static func divide(_ total: Int, among parties: [Party]) -> [Int] {
        // The rate is in 2^-20 shares per weight: at 2^50 the lightest party has a million places.
        var low = 0
        var high = 1 << 50
        while low < high {
            let rate = (low + high) / 2
            if shares(at: rate, of: parties).reduce(0, +) >= total { high = rate } else { low = rate + 1 }
        }
        return shares(at: low, of: parties)
    }

    /// `ceil(1.10 × share)` in places: how far a node may go.
    static func bound(of share: Int) -> Int { (share * 11 + place * 10 - 1) / (place * 10) }

    private static func shares(at rate: Int, of parties: [Party]) -> [Int] {
        parties.map { party in
            // A weight is at most 64 a node: with thousands of them a zone's product could overflow.
            let (product, overflow) = rate.multipliedReportingOverflow(by: party.weight)
            let share = overflow ? Int.max : (product >> 20) + 1
            return max(min(share, party.atMost), party.atLeast)
        }
    }
}
