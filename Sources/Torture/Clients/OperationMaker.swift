import Cluster
import History
import Protocol

/// Draws what clients do.
struct OperationMaker {
    private var random: Random
    private let kinds: [KeyKind]
    private(set) var pool = KeyPool()
    private var values = 0
    private var names: UInt64 = 0
    /// What was last seen of the contested keys.
    private var seen: [String: [UInt8]] = [:]

    init(seed: UInt64, kinds: [KeyKind]) {
        random = Random(seed: seed &+ 1)
        self.kinds = kinds
    }

    mutating func next(client: Int) -> (key: String, call: KeyCall) {
        if chance(percent: 5), let key = pool.any(&random) { return (key, .get) }
        let kind = kinds.randomElement(using: &random) ?? .register
        let key = pool.next(of: kind, &random)
        return (key, chance(percent: 40) ? .get : write(kind, key, client))
    }

    private mutating func write(_ kind: KeyKind, _ key: String, _ client: Int) -> KeyCall {
        switch kind {
        case .register: return chance(percent: 20) ? .delete : .set(value(client))
        case .counter: return .add(Int64.random(in: 1...9, using: &random))
        case .list: return .append(element(client))
        case .contested:
            if chance(percent: 10) { return .set(value(client)) }
            return .compareAndSet(expect: seen[key], value: value(client))
        }
    }

    /// Most writes have one, so that they can be sent again. The others stay open for ever without an answer.
    mutating func name(client: Int) -> RequestName? {
        names += 1
        guard !chance(percent: 15) else { return nil }
        return RequestName(client: Array("torture-\(client)".utf8), sequence: names, isRetry: false)
    }

    mutating func saw(_ key: String, _ value: [UInt8]?) {
        if pool.kind(of: key) == .contested { seen[key] = value }
    }

    /// A pause between two operations of one client.
    mutating func milliseconds(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func pick<Element>(_ elements: [Element]) -> Element? { elements.randomElement(using: &random) }

    private mutating func chance(percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// One that no other write has.
    private mutating func value(_ client: Int) -> [UInt8] {
        values += 1
        let padding = chance(percent: 3) ? String(repeating: "x", count: 400) : ""
        return Array("c\(client).\(values)\(padding)".utf8)
    }

    private mutating func element(_ client: Int) -> [UInt8] {
        values += 1
        return Array("c\(client).\(values)".utf8) + [ListElement.end]
    }
}
