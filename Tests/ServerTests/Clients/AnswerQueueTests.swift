import Protocol
import XCTest

@testable import Server

final class AnswerQueueTests: XCTestCase {
    private func request(_ number: Int) -> JSONRequest { JSONRequest(kind: .status, id: [UInt8(number & 0xFF)]) }

    private func answer(_ queue: inout AnswerQueue<JSONRequest>, _ sequence: UInt64) {
        queue.answer(sequence) { request, output in output.bytes += request.id ?? [] }
    }

    func test_answers_inRandomOrder_comeOutInTheOrderOfTheRequests() {
        for _ in 0..<200 {
            var queue = AnswerQueue<JSONRequest>(first: .random(in: 0...1_000_000))
            var open: [UInt64] = []
            var expected: [UInt8] = []
            var seen: [UInt8] = []
            for step in 0..<Int.random(in: 1...300) {
                switch Int.random(in: 0..<10) {
                case 0..<5:
                    open.append(queue.append(request(step)))
                    expected.append(UInt8(step & 0xFF))
                case 5:
                    queue.appendAnswer { $0.bytes.append(UInt8(step & 0xFF)) }
                    expected.append(UInt8(step & 0xFF))
                case 6:
                    seen += queue.output.whole
                    queue.clearOutput()
                default:
                    guard !open.isEmpty else { continue }
                    answer(&queue, open.remove(at: .random(in: open.indices)))
                }
                XCTAssertTrue(expected.starts(with: seen + queue.output.whole))
                XCTAssertEqual(seen.count + queue.output.count + queue.count, expected.count)
            }
            for sequence in open.shuffled() { answer(&queue, sequence) }
            XCTAssertEqual(seen + queue.output.whole, expected)
            XCTAssertTrue(queue.isEmpty)
            XCTAssertEqual(queue.bytes, queue.output.count)
        }
    }

    func test_bytes_countWhatWaitsBehindTheOldest() {
        var queue = AnswerQueue<JSONRequest>(first: 0)
        let first = queue.append(request(1))
        let second = queue.append(request(2))
        queue.appendAnswer { $0.bytes += [3, 3, 3] }
        answer(&queue, second)
        XCTAssertEqual(queue.output.whole, [])
        XCTAssertEqual(queue.bytes, 4)
        answer(&queue, first)
        XCTAssertEqual(queue.output.whole, [1, 2, 3, 3, 3])
        XCTAssertEqual(queue.bytes, 5)
        queue.clearOutput()
        XCTAssertEqual(queue.bytes, 0)
    }

    func test_answer_againOrUnknown_isDropped() {
        var queue = AnswerQueue<JSONRequest>(first: 10)
        let first = queue.append(request(1))
        let second = queue.append(request(2))
        answer(&queue, second)
        answer(&queue, second)
        for unknown in [0, 9, 12, UInt64.max] { answer(&queue, unknown) }
        answer(&queue, first)
        answer(&queue, first)
        XCTAssertEqual(queue.output.whole, [1, 2])
    }

    func test_token_keepsPlaceAndSequence() {
        for (place, sequence) in [(0, 0), (1, 1), (ClientToken.placesMax - 1, UInt64(1) << 48 - 1), (9_999, 123_456)] {
            let token = ClientToken(rawValue: ClientToken(place: place, sequence: sequence).rawValue)
            XCTAssertEqual(token.place, place)
            XCTAssertEqual(token.sequence, sequence)
        }
    }
}
