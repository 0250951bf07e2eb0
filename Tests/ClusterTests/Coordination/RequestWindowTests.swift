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
            var window = RequestWindow(nobody: Item(0))
            var model: [UInt64: UInt64] = [:]
            for _ in 0..<Int.random(in: 1...300, using: &random) {
                if Int.random(in: 0..<5, using: &random) < 3 {
                    model[window.next] = window.next
                    window.append(Item(window.next))
                } else {
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

    func test_reservedNumber_isNobodys_untilItIsFilled() {
        var window = RequestWindow(nobody: Item(0))
        window.append(Item(1))
        XCTAssertEqual(window.reserve(3), 2)
        window.append(Item(5))
        XCTAssertEqual(window.count, 5)
        XCTAssertEqual(window.remove(1)?.value, 1)
        XCTAssertNil(window[3])
        XCTAssertEqual(window.numbers { _ in true }, [5])
        window.fill(3, with: Item(3))
        XCTAssertEqual(window[3]?.value, 3)
        window.remove(2)
        window.remove(4)
        XCTAssertEqual(window.numbers { _ in true }, [3, 5])
        XCTAssertEqual(window.count, 2)
    }

    func test_oneThatStays_isFoundWhileThousandsComeAndGo() {
        var window = RequestWindow(nobody: Item(0))
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
