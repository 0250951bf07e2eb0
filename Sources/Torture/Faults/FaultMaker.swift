import Cluster

/// Draws what happens to the ring next, from the seed.
struct FaultMaker {
    private var random: Random
    private let kinds: [FaultKind]
    /// As many nodes as the ring should have.
    private let size: Int

    init(seed: UInt64, kinds: [FaultKind], size: Int) {
        random = Random(seed: seed &* 0x9E37_79B9_7F4A_7C15)
        self.kinds = kinds
        self.size = size
    }

    /// Nil: none is wanted.
    mutating func kind() -> FaultKind? {
        // What costs the ring most, moving data, comes less often.
        let weights: [FaultKind: Int] = [.kill: 6, .pause: 5, .restart: 4, .join: 2, .leave: 2, .wipe: 2, .partition: 6]
        let all = kinds.flatMap { [FaultKind](repeating: $0, count: weights[$0] ?? 1) }
        return all.randomElement(using: &random)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }
    mutating func chance(percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// Short ones are more frequent than long ones.
    mutating func milliseconds(_ range: ClosedRange<Int>) -> UInt64 {
        let part = Double.random(in: 0...1, using: &random)
        return UInt64(range.lowerBound) + UInt64(part * part * Double(range.upperBound - range.lowerBound))
    }

    /// Which ways between `count` nodes are cut. Most often a minority is on its own: it must neither show what is
    /// old nor acknowledge what the others do not have.
    mutating func cut(of count: Int) -> Cut {
        let order = Array(0..<count).shuffled(using: &random)
        let first = order.first ?? 0
        let others = Array(order.dropFirst())
        switch Int.random(in: 0..<12, using: &random) {
        case 4...7: return Cut(name: "cut off", ways: Cut.both([first], others), touched: [first])
        case 1: return Cut(name: "heard by nobody", ways: Cut.oneWay([first], others), touched: [first])
        case 2: return Cut(name: "hears nobody", ways: Cut.oneWay(others, [first]), touched: [first])
        case 0:
            let pair = Array(order.prefix(2))
            return Cut(name: "cut from each other", ways: Cut.both([first], Array(others.prefix(1))), touched: pair)
        case 3:
            let pair = Array(order.prefix(2))
            return Cut(name: "cut in one direction", ways: Cut.oneWay([first], Array(others.prefix(1))), touched: pair)
        default:
            let minority = Array(order.prefix((size - 1) / 2))
            let majority = Array(order.dropFirst(minority.count))
            return Cut(name: "split from the others", ways: Cut.both(minority, majority), touched: minority)
        }
    }
}
