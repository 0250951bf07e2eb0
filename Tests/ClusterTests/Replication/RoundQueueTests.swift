import XCTest

@testable import Cluster

final class RoundQueueTests: XCTestCase {
    private final class Item: AwaitsRound {
        let number: Int
        let round: UInt64
        let needsNobody: Bool
        let size: Int

        init(_ number: Int, round: UInt64) {
            self.number = number
            self.round = round
            needsNobody = number % 7 == 0
            size = number % 5
        }
    }

    /// As an array in which each is looked at that is of a round that was heard of, was looked at before, or needs nobody.
    func test_anyUse_isThatOfAnArray() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var queue = RoundQueue<Item>()
            var model: [(item: Item, wasSeen: Bool)] = []
            var (round, heard, count) = (UInt64(1), UInt64(0), 0)
            for _ in 0..<100 {
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    count += 1
                    let item = Item(count, round: round)
                    queue.append(item)
                    model.append((item, item.needsNobody))
                case 2: round += 1
                default:
                    heard = max(heard, UInt64.random(in: 0...round, using: &random))
                    let rest = Int.random(in: 1...3, using: &random)
                    var seen: Set<Int> = []
                    queue.take(through: heard) { item in
                        XCTAssertTrue(seen.insert(item.number).inserted, "looked at twice")
                        return item.number % rest == 0
                    }
                    XCTAssertEqual(seen, Set(model.filter { $0.wasSeen || $0.item.round <= heard }.map(\.item.number)))
                    model = model.map { ($0.item, seen.contains($0.item.number)) }
                    model.removeAll { seen.contains($0.item.number) && $0.item.number % rest == 0 }
                }
                XCTAssertEqual(queue.isEmpty, model.isEmpty)
                XCTAssertEqual(queue.hasOthers, model.contains(where: \.wasSeen))
                XCTAssertEqual(queue.bytes, model.reduce(0) { $0 + $1.item.size })
                XCTAssertEqual(Set(queue.filter { _ in true }.map(\.number)), Set(model.map(\.item.number)))
            }
            queue.removeAll { $0.number % 2 == 0 }
            XCTAssertEqual(Set(queue.filter { _ in true }.map(\.number)), Set(model.map(\.item.number).filter { $0 % 2 == 1 }))
        }
    }
}
