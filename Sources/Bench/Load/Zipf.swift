import Glibc

/// Ranks by Zipf's law: the rank r, from 0 on, as often as 1/(r+1)^θ, by the method of Gray and others (Quickly Generating
/// Billion-Record Synthetic Databases, SIGMOD 1994) with YCSB's θ of 0.99.
struct Zipf {
    private static let theta = 0.99
    /// So many terms of the sum are added one by one; beyond them the integral is as good.
    private static let termsMax = 1_000_000

    private let count: Double
    private let zeta: Double
    private let alpha = 1 / (1 - theta)
    private let eta: Double
    private let second = 1 + pow(0.5, theta)

    /// - Parameter count: of ranks, at least 1.
    init(count: Int) {
        self.count = Double(count)
        zeta = Zipf.zeta(count)
        // Of one or two ranks the first two cases of `rank` are all.
        eta = count > 2 ? (1 - pow(2 / Double(count), 1 - Zipf.theta)) / (1 - Zipf.zeta(2) / zeta) : 0
    }

    /// - Parameter number: a random one.
    func rank(for number: UInt64) -> UInt64 {
        let part = Double(number >> 11) * 0x1p-53
        let scaled = part * zeta
        if scaled < 1 { return 0 }
        if scaled < second { return min(1, UInt64(count) - 1) }
        let rank = count * pow(eta * part - eta + 1, alpha)
        return UInt64(min(max(0, rank), count - 1))
    }

    /// The part of all that the first rank has.
    var shareOfFirst: Double { 1 / zeta }

    private static func zeta(_ count: Int) -> Double {
        let terms = min(count, termsMax)
        var sum = 0.0
        for term in 1...max(1, terms) { sum += pow(Double(term), -theta) }
        guard count > terms else { return sum }
        let (from, to) = (Double(terms), Double(count))
        return sum + (pow(to, 1 - theta) - pow(from, 1 - theta)) / (1 - theta) + (pow(to, -theta) - pow(from, -theta)) / 2
    }
}
