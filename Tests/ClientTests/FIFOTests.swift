import XCTest

@testable import Client

final class FIFOTests: XCTestCase {
    /// Any history of calls leaves what the same history leaves of an array.
    func test_randomHistory_equalsArray() {
        var random = SystemRandomNumberGenerator()
        var queue = FIFO<Int>()
        var model: [Int] = []
        for step in 0..<20_000 {
            switch Int.random(in: 0..<100, using: &random) {
            case ..<50:
                queue.append(step)
                model.append(step)
            case ..<97:
                XCTAssertEqual(queue.popFirst(), model.isEmpty ? nil : model.removeFirst())
            case 97:
                queue.prepend([step, -step])
                model = [step, -step] + model
            default:
                XCTAssertEqual(queue.remove { $0 % 3 == 0 }, model.filter { $0 % 3 == 0 })
                model.removeAll { $0 % 3 == 0 }
            }
            XCTAssertEqual(queue.count, model.count)
            XCTAssertEqual(queue.first, model.first)
        }
        XCTAssertEqual(Array(queue.all), model)
    }
}
