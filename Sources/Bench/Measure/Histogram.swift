/// How often which latency was seen: log-linear, as HdrHistogram (Tene, hdrhistogram.org). Each power of two is cut into
/// 128 equal buckets and a bucket stands for its middle, so whatever it tells is at most 1/256 (0.4 %) off, for every
/// value of 64 bits. Recording is an addition; merging two adds them, bucket by bucket.
package struct Histogram: Equatable, Sendable {
    private static let precisionBits = 7
    private static let bucketCount = (64 - precisionBits + 1) << precisionBits

    private var counts = [UInt64](repeating: 0, count: bucketCount)
    package private(set) var count: UInt64 = 0
    /// 0 without any value.
    package private(set) var max: UInt64 = 0
    private var smallest = UInt64.max
    private var sum = 0.0

    package init() {}

    package var min: UInt64 { count == 0 ? 0 : smallest }
    package var mean: Double { count == 0 ? 0 : sum / Double(count) }

    package mutating func record(_ value: UInt64) {
        counts[Histogram.bucket(of: value)] += 1
        count += 1
        sum += Double(value)
        if value > max { max = value }
        if value < smallest { smallest = value }
    }

    package mutating func merge(_ other: Histogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
        sum += other.sum
        max = Swift.max(max, other.max)
        smallest = Swift.min(smallest, other.smallest)
    }

    /// The least value that at least this part of all values does not exceed; 0 without any.
    /// - Parameter quantile: from 0 (the least) to 1 (the greatest, exactly).
    package func value(at quantile: Double) -> UInt64 {
        guard count > 0 else { return 0 }
        let rank = Swift.max(1, (quantile * Double(count)).rounded(.up))
        if rank >= Double(count) { return max }
        var seen: UInt64 = 0
        for index in counts.indices where counts[index] > 0 {
            seen += counts[index]
            if Double(seen) >= rank { return Swift.min(max, Swift.max(smallest, Histogram.middle(of: index))) }
        }
        return max
    }

    private static func bucket(of value: UInt64) -> Int {
        let shift = Swift.max(0, 63 - precisionBits - value.leadingZeroBitCount)
        return shift << precisionBits + Int(value >> UInt64(shift))
    }

    private static func middle(of bucket: Int) -> UInt64 {
        guard bucket >= 2 << precisionBits else { return UInt64(bucket) }
        let shift = bucket >> precisionBits - 1
        let low = UInt64(bucket - shift << precisionBits) << UInt64(shift)
        return low + (1 << UInt64(shift)) / 2
    }
}
