import XCTest

@testable import Bench

final class HistogramTests: XCTestCase {
    /// Of all sizes: as many small ones as large ones.
    private func values(_ count: Int, seed: UInt64) -> [UInt64] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 29) >> (state >> 58)
        }
    }

    private func histogram(_ values: [UInt64]) -> Histogram {
        values.reduce(into: Histogram()) { $0.record($1) }
    }

    func test_value_ofAnySingleValue_isAtMostOnePercentOff() {
        let edges = (0..<64).flatMap { shift in [-1, 0, 1].map { (UInt64(1) << UInt64(shift)) &+ UInt64(bitPattern: $0) } }
        for value in edges + values(20_000, seed: 7) {
            var histogram = Histogram()
            histogram.record(value)
            // A second, greater one, so that it is not known exactly as the greatest.
            histogram.record(.max)
            histogram.record(0)
            let told = histogram.value(at: 0.5)
            XCTAssertLessThanOrEqual(told > value ? told - value : value - told, value / 100, "\(value) told as \(told)")
        }
    }

    func test_value_ofManyValues_isAtMostOnePercentOffTheExactOne() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let all = values(5_000, seed: seed)
            let (histogram, sorted) = (histogram(all), all.sorted())
            for quantile in [0.0, 0.01, 0.5, 0.9, 0.99, 0.999, 0.9999, 1] {
                let rank = max(1, Int((quantile * 5_000).rounded(.up)))
                let (exact, told) = (sorted[rank - 1], histogram.value(at: quantile))
                XCTAssertLessThanOrEqual(told > exact ? told - exact : exact - told, exact / 100, "seed \(seed), \(quantile)")
            }
            XCTAssertEqual(histogram.min, sorted[0])
            XCTAssertEqual(histogram.max, sorted[4_999])
        }
    }

    func test_merge_isAsIfAllHadBeenRecordedInOne() {
        for seed in 1...20 as ClosedRange<UInt64> {
            // Small, so that the sum of them is exact in whatever order.
            let all = values(3_000, seed: seed).map { $0 >> 32 }
            let cut = Int(seed) * 140
            var merged = histogram(Array(all[..<cut]))
            merged.merge(histogram(Array(all[cut...])))
            XCTAssertEqual(merged, histogram(all))
        }
        var alone = histogram([5])
        alone.merge(Histogram())
        XCTAssertEqual(alone, histogram([5]))
    }

    func test_empty_isNothing() {
        let none = Histogram()
        XCTAssertEqual([none.count, none.min, none.max, none.value(at: 0.5), none.value(at: 1)], [0, 0, 0, 0, 0])
        XCTAssertEqual(none.mean, 0)
    }
}
