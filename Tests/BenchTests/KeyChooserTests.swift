import Cluster
import XCTest

@testable import Bench

final class KeyChooserTests: XCTestCase {
    private func draw(_ chooser: KeyChooser, _ times: Int) -> [UInt64: Int] {
        var (random, counts): (Random, [UInt64: Int]) = (Random(seed: 3), [:])
        for _ in 0..<times { counts[chooser.key(for: random.next()), default: 0] += 1 }
        return counts
    }

    func test_zipf_ranksBelongToTheLaw() {
        let zipf = Zipf(count: 1_000)
        var (random, counts) = (Random(seed: 5), [Int](repeating: 0, count: 1_000))
        for _ in 0..<400_000 { counts[Int(zipf.rank(for: random.next()))] += 1 }
        // 1/(r+1)^0.99 of the first; the method is an approximation beyond the first two.
        for rank in [0, 1, 9, 99] {
            let expected = zipf.shareOfFirst / pow(Double(rank + 1), 0.99) * 400_000
            XCTAssertEqual(Double(counts[rank]), expected, accuracy: 0.3 * expected, "rank \(rank)")
        }
        XCTAssertTrue(counts.allSatisfy { $0 > 0 })
    }

    func test_zipf_fewRanksAndEdges_stayInRange() {
        for count in [1, 2, 3, 10] {
            let zipf = Zipf(count: count)
            for number in [0, 1, UInt64.max / 2, .max - 1, .max] {
                XCTAssertLessThan(zipf.rank(for: number), UInt64(count))
            }
        }
    }

    func test_zipf_sumBeyondTheTermsThatAreAdded_isTheirContinuation() {
        // 0.577… + ln n is far from it at θ = 0.99; the sum itself is the witness.
        var sum = 0.0
        for term in 1...3_000_000 { sum += pow(Double(term), -0.99) }
        XCTAssertEqual(1 / Zipf(count: 3_000_000).shareOfFirst, sum, accuracy: 1e-6)
    }

    func test_zipfKeys_hotOnesAreScattered() {
        let counts = draw(KeyChooser(.zipf, count: 10_000), 100_000)
        let hottest = counts.sorted { $0.value > $1.value }.prefix(10).map(\.key)
        XCTAssertTrue(counts.keys.allSatisfy { $0 < 10_000 })
        XCTAssertGreaterThan((hottest.max() ?? 0) - (hottest.min() ?? 0), 1_000)
    }

    func test_uniformKeys_allComeAboutAsOften() {
        let counts = draw(KeyChooser(.uniform, count: 100), 100_000)
        XCTAssertEqual(counts.count, 100)
        XCTAssertTrue(counts.values.allSatisfy { (800...1_200).contains($0) })
    }

    func test_latestKeys_followTheInserts() {
        var chooser = KeyChooser(.latest, count: 1_000)
        for key in 1_000..<1_500 as Range<UInt64> { XCTAssertEqual(chooser.insert(), key) }
        let counts = draw(chooser, 10_000)
        XCTAssertEqual(counts.max { $0.value < $1.value }?.key, 1_499)
        XCTAssertTrue(counts.keys.allSatisfy { $0 < 1_500 })
    }
}
