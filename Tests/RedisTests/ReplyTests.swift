import Protocol
import XCTest

@testable import Redis

final class ReplyTests: XCTestCase {
    private let time = Timestamp(milliseconds: 1)
    private let version = Version(epoch: 1, sequence: 1)

    private var outcomes: [Outcome] {
        let entry = Entry(value: [1, 2], version: version, timestamp: time, expiry: nil)
        let presents: [Present] = [.nothing, .entry(entry), .replaced(version)]
        let results: [WriteResult] = [.none, .number(-7), .value([0x31]), .value(nil)] + presents.map { .old($0) }
        return [.found(entry), .notFound, .busy("b"), .unavailable("outcome unknown"), .answer(.entries([entry]))]
            + results.map { .written(version: version, timestamp: time, result: $0) } + presents.map { .conflict($0) }
    }

    /// The law: the outcome of an operation makes the reply that its steps' results make.
    func test_write_ofAnOutcome_isThatOfItsResults() {
        let replies: [Reply] = [
            .value, .okOrNull, .old, .flag, .result, .values, .count, .ok, .allOrNone, .renamed, .renamedIfAbsent,
        ]
        for steps in [[Step.read([1])], [.write(KeyedWrite(key: [1], write: Write(.set([2]), for: .forever), isRequired: false))]] {
            for (reply, outcome) in replies.flatMap({ reply in outcomes.map { (reply, $0) } }) {
                for protocolVersion in [RESPVersion.two, .three] {
                    var (one, other) = (RESPWriter(protocolVersion), RESPWriter(protocolVersion))
                    reply.write(outcome, to: steps, at: time, to: &one)
                    reply.write(StepResult.of(outcome, to: steps[...])[...], at: time, to: &other)
                    XCTAssertEqual(one.output.whole, other.output.whole, "\(reply) of \(outcome)")
                    XCTAssertFalse(one.output.isEmpty)
                }
            }
        }
    }
}
