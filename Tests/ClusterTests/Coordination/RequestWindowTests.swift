import XCTest

@testable import Cluster

final class RequestWindowTests: XCTestCase {
    private final class Item {
        let value: UInt64
        init(_ value: UInt64) { self.value = value }
    }

    /// As a dictionary that is used with ascending keys.
    func test_anyUse_isThatOfADictionary() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            var window = RequestWindow<Item>()
            var model: [UInt64: UInt64] = [:]
            var reserved: Set<UInt64> = []
            for _ in 0..<Int.random(in: 1...300, using: &random) {
                switch Int.random(in: 0..<8, using: &random) {
                case 0..<4:
                    model[window.next] = window.next
                    window.append(Item(window.next))
                case 4:
                    let count = Int.random(in: 1...20, using: &random)
                    let first = window.reserve(count)
                    reserved.formUnion(first..<first + UInt64(count))
                case 5:
                    guard let number = reserved.randomElement(using: &random) else { continue }
                    reserved.remove(number)
                    model[number] = number
                    window.fill(number, with: Item(number))
                default:
                    let number = UInt64.random(in: 0...window.next, using: &random)
                    XCTAssertEqual(window.remove(number)?.value, model.removeValue(forKey: number))
                }
                XCTAssertEqual(window.count, model.count)
            }
            for number in 0...(window.next + 1) { XCTAssertEqual(window[number]?.value, model[number]) }
            let even = window.numbers { $0.value.isMultiple(of: 2) }
            XCTAssertEqual(even, model.keys.filter { $0.isMultiple(of: 2) }.sorted())
        }
    }

    func test_oneThatStays_isFoundWhileThousandsComeAndGo() {
        var window = RequestWindow<Item>()
        window.append(Item(1))
        for number in 2...UInt64(5_000) {
            window.append(Item(number))
            XCTAssertEqual(window.remove(number)?.value, number)
        }
        XCTAssertEqual(window[1]?.value, 1)
        XCTAssertEqual(window.remove(1)?.value, 1)
        XCTAssertNil(window.remove(1))
        XCTAssertEqual(window.count, 0)
    }
}
