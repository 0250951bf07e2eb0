/// Draws the keys, as numbers from 0 on.
struct KeyChooser {
    private let distribution: Distribution
    private let zipf: Zipf?
    /// How many keys there are; an insert makes it one more.
    private(set) var count: UInt64

    /// - Parameter count: of the keys that are there at first, at least 1.
    init(_ distribution: Distribution, count: Int) {
        self.distribution = distribution
        self.count = UInt64(count)
        zipf = distribution == .uniform ? nil : Zipf(count: count)
    }

    /// - Parameter number: a random one.
    func key(for number: UInt64) -> UInt64 {
        guard let zipf else { return number.multipliedFullWidth(by: count).high }
        let rank = zipf.rank(for: number)
        if distribution == .latest { return count - 1 - rank }
        return KeyChooser.scrambled(rank) % count
    }

    /// The next new key.
    mutating func insert() -> UInt64 {
        count += 1
        return count - 1
    }

    /// FNV-1a of the rank's eight bytes, as YCSB scatters the ranks: hot keys do not lie beside each other.
    private static func scrambled(_ rank: UInt64) -> UInt64 {
        var (hash, rest): (UInt64, UInt64) = (0xCBF2_9CE4_8422_2325, rank)
        for _ in 0..<8 {
            hash = (hash ^ rest & 0xFF) &* 0x100_0000_01B3
            rest >>= 8
        }
        return hash
    }
}
