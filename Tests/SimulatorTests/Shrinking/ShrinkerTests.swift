import Cluster
import Simulator
import XCTest

final class ShrinkerTests: XCTestCase {
    func test_shrink_elementsThatFailTogether_areFound() {
        var random = Random(seed: 1)
        for _ in 0..<300 {
            let count = Int.random(in: 1...120, using: &random)
            let needed = Set((0..<Int.random(in: 0...6, using: &random)).map { _ in
                Int.random(in: 0..<count, using: &random)
            })
            var shrinker = Shrinker<Int>(trialsMax: 100_000) { needed.isSubset(of: $0) }
            let result = shrinker.shrink(Array(0..<count))
            XCTAssertEqual(result.elements, needed.sorted())
            XCTAssertTrue(result.isMinimal)
        }
    }

    func test_shrink_anyPredicate_resultFailsAndIsMinimal() {
        var random = Random(seed: 2)
        for _ in 0..<300 {
            let count = Int.random(in: 1...40, using: &random)
            let modulus = Int.random(in: 2...9, using: &random)
            let sum = (0..<count).reduce(0, +) % modulus
            // Not monotonic: a part of a part that passes may fail.
            let fails: ([Int]) -> Bool = { !$0.isEmpty && $0.reduce(0, +) % modulus == sum }
            var shrinker = Shrinker<Int>(trialsMax: 100_000, fails: fails)
            guard fails(Array(0..<count)) else { continue }
            let result = shrinker.shrink(Array(0..<count))
            XCTAssertTrue(fails(result.elements))
            XCTAssertTrue(result.isMinimal)
            XCTAssertEqual(result.elements, result.elements.sorted())
            for index in result.elements.indices {
                var less = result.elements
                less.remove(at: index)
                XCTAssertFalse(fails(less))
            }
        }
    }

    func test_shrink_trialsMax_isKept() {
        var asked = 0
        var shrinker = Shrinker<Int>(trialsMax: 10) { part in
            asked += 1
            return part.filter { $0 % 7 == 0 }.count >= 20
        }
        let result = shrinker.shrink(Array(0..<200))
        XCTAssertEqual(asked, 10)
        XCTAssertEqual(result.trials, 10)
        XCTAssertFalse(result.isMinimal)
        XCTAssertGreaterThanOrEqual(result.elements.filter { $0 % 7 == 0 }.count, 20)
    }

    func test_shrink_progress_isToldWithEachSmallerPart() {
        var sizes: [Int] = []
        var shrinker = Shrinker<Int>(trialsMax: 1000, onProgress: { elements, _ in sizes.append(elements) }) {
            $0.contains(3) && $0.contains(60)
        }
        let result = shrinker.shrink(Array(0..<64))
        XCTAssertEqual(sizes, sizes.sorted(by: >))
        XCTAssertEqual(sizes.last, result.elements.count)
        XCTAssertLessThan(result.trials, 100)
    }

    func test_shrink_emptyList_isMinimal() {
        var shrinker = Shrinker<Int>(trialsMax: 5) { _ in true }
        XCTAssertTrue(shrinker.shrink([]).isMinimal)
        XCTAssertEqual(shrinker.shrink([1, 2, 3]).elements, [])
    }
}
