import Cluster
import Protocol
import XCTest

@testable import Bench

final class RouterTests: XCTestCase {
    /// - Parameter parts: of the slots, one for each primary; the primaries take them in turns of `step`.
    private func layout(_ parts: [Int], step: Int = 1) throws -> Layout {
        let turns = parts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
        var slots = [[String]](repeating: [], count: parts.count)
        for slot in 0..<Slot.count { slots[turns[slot / step % turns.count]].append("\(slot)") }
        let lines = slots.enumerated().map { "id h:\($0.offset + 1)@1 master - 0 0 1 connected \($0.element.joined(separator: " "))" }
        return try Layout(nodes: lines.joined(separator: "\n"))
    }

    private func slot(_ verb: Verb, _ key: UInt64) -> Slot {
        let digits = String(key)
        return Slot(key: Array("\(verb.keyPrefix)\(String(repeating: "0", count: 12 - digits.count))\(digits)".utf8))
    }

    private let verbs: [Verb] = [.get, .set, .del, .incr, .append, .rmw]

    func test_slots_areThoseOfTheNames() {
        let slots = KeySlots()
        var random = Random(seed: 7)
        let edges: [UInt64] = [0, 1, 9, 10, 99, 100, 9_999, 10_000, 999_999_999_999]
        for key in edges + (0..<2_000).map({ _ in random.next() % UInt64(KeyName.countMax) }) {
            for verb in Verb.allCases { XCTAssertEqual(slots.slot(of: verb, key), slot(verb, key).index, "\(verb) \(key)") }
        }
    }

    func test_everyKey_belongsToTheConnectionsPrimary_inEveryDistribution() throws {
        let layout = try layout([1, 2, 3], step: 5)
        for distribution in Distribution.allCases {
            var router = try Router(layout, verbs: verbs + [.ping], keys: KeyChooser(distribution, count: 5_000))
            var random = Random(seed: 1)
            for number in 0..<20_000 {
                let (verb, connection) = (verbs[number % verbs.count], number % 7)
                let key = router.key(of: verb, on: connection, &random)
                XCTAssertLessThan(key, 5_000)
                XCTAssertEqual(Int(layout.owners[slot(verb, key).index]), connection % 3)
            }
        }
    }

    func test_uniform_allKeysOfEachPrimaryAreDrawn_andAboutAsOften() throws {
        let layout = try layout([1, 1, 4])
        var router = try Router(layout, verbs: [.get], keys: KeyChooser(.uniform, count: 300))
        var (random, counts) = (Random(seed: 2), [Int](repeating: 0, count: 300))
        for connection in 0..<3 {
            let own = (0..<300 as Range<UInt64>).filter { layout.owners[slot(.get, $0).index] == connection }
            for _ in 0..<(1_000 * own.count) { counts[Int(router.key(of: .get, on: connection, &random))] += 1 }
        }
        XCTAssertTrue(counts.allSatisfy { (800...1_200).contains($0) }, "\(counts)")
    }

    func test_zipf_keysOfOnePrimaryKeepTheirShares() throws {
        let (layout, chooser) = (try layout([1, 1]), KeyChooser(.zipf, count: 1_000))
        var router = try Router(layout, verbs: [.get], keys: chooser)
        var (random, all, routed) = (Random(seed: 3), [UInt64: Int](), [UInt64: Int]())
        for _ in 0..<400_000 { all[chooser.key(for: random.next()), default: 0] += 1 }
        all = all.filter { layout.owners[slot(.get, $0.key).index] == 1 }
        let sum = all.values.reduce(0, +)
        for _ in 0..<sum { routed[router.key(of: .get, on: 1, &random), default: 0] += 1 }
        for (key, count) in all.sorted(by: { $0.value > $1.value }).prefix(20) {
            XCTAssertEqual(Double(routed[key] ?? 0), Double(count), accuracy: 0.2 * Double(count) + 50, "key \(key)")
        }
    }

    func test_inserts_areNewAndOfTheirPrimary_andLatestFollowsThem() throws {
        let layout = try layout([1, 1, 1])
        var router = try Router(layout, verbs: [.get, .insert], keys: KeyChooser(.latest, count: 100))
        var (random, there) = (Random(seed: 4), Set(0..<100 as Range<UInt64>))
        var newest: UInt64 = 0
        for number in 0..<3_000 {
            let key = router.key(of: .insert, on: number % 2, &random)
            XCTAssertTrue(there.insert(key).inserted, "\(key) was there")
            XCTAssertEqual(Int(layout.owners[slot(.insert, key).index]), number % 2)
            let read = router.key(of: .get, on: number % 3, &random)
            XCTAssertTrue(there.contains(read), "\(read) is not there yet")
            if number % 3 == 0 { newest = max(newest, read) }
        }
        XCTAssertGreaterThan(newest, 3_000)
    }

    func test_primaryOfOneSlot_isAskedForItsKeys() throws {
        // One of 16,384 slots: of 50,000 keys some three, which are hardly ever drawn by chance.
        let layout = try layout([1, 16_383])
        var router = try Router(layout, verbs: [.get], keys: KeyChooser(.uniform, count: 50_000))
        XCTAssertEqual(router.primaries.count, 2)
        var (random, keys) = (Random(seed: 5), Set<UInt64>())
        for _ in 0..<200 { keys.insert(router.key(of: .get, on: 0, &random)) }
        let own = (0..<50_000 as Range<UInt64>).filter { layout.owners[slot(.get, $0).index] == 0 }
        XCTAssertEqual(keys, Set(own))
    }

    func test_primaryWithoutAKey_getsNoConnections() throws {
        // The only key of get alone at the second node, those of all other verbs at the first.
        let own = slot(.get, 0).index
        let line = "id h:1@1 master - 0 0 1 connected "
        let layout = try Layout(nodes: "\(line)0-\(own - 1) \(own + 1)-16383\n\(line.replacing("h:1", with: "i:2"))\(own)")
        let router = try Router(layout, verbs: [.get, .ping], keys: KeyChooser(.uniform, count: 1))
        XCTAssertEqual(router.primaries, [NodeAddress(host: "i", port: 2)])
        XCTAssertThrowsError(try Router(layout, verbs: [.get, .incr], keys: KeyChooser(.uniform, count: 1)))
    }
}
