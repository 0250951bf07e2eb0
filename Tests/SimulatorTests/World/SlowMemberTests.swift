import Cluster
import Protocol
import XCTest

@testable import Simulator

/// A member whose network and disk are slow, beside two that are not.
final class SlowMemberTests: XCTestCase {
    private static let span = Duration.seconds(8)
    private static let begin = Duration.seconds(2)

    /// Everything on its ways takes up to 120 ms, and each sync 200 ms or more.
    private static func slowness(of slow: Int) -> [Step] {
        let others = (0..<3).filter { $0 != slow }
        var steps = others.flatMap { other in
            [
                Step(at: begin, fault: .slowWay(from: other, to: slow, factor: 30)),
                Step(at: begin, fault: .slowWay(from: slow, to: other, factor: 30)),
            ]
        }
        for time in stride(from: begin.wholeMilliseconds, to: span.wholeMilliseconds, by: 200) {
            steps.append(Step(at: .milliseconds(time), fault: .stallDisk(slow, for: .milliseconds(400))))
        }
        return steps
    }

    /// How long, in virtual milliseconds, those operations took that the slow member neither was asked nor served,
    /// shortest first.
    private func waits(seed: UInt64, slow: Int, isSlow: Bool, _ consistency: Consistency) -> [Int] {
        let answers = Answers()
        let load = ClientOperation.load(clients: 8, keys: 12, seed: seed).map { $0.map { $0.asked(at: consistency) } }
        let plan = Plan.small(
            seed: seed, span: Self.span, steps: isSlow ? Self.slowness(of: slow) : [], clients: load
        ) {
            $0.slots = 6
        }
        let world = World(plan, print: answers.read)
        XCTAssertNil(world.run(), "seed \(seed)")
        let begin = Int(Self.begin.wholeMilliseconds)
        let counted = answers.all.filter { answer in
            answer.asked > begin && answer.heard < Int(Self.span.wholeMilliseconds)
                && answer.node != "n\(slow)" && answer.server != "n\(slow)"
        }
        XCTAssertEqual(counted.filter(\.isUnavailable).count, 0)
        return counted.map(\.waited).sorted()
    }

    func test_slowMember_quorumOperationsOfTheOthersTakeNoLonger() {
        var quiet: [Int] = []
        var slowed: [Int] = []
        for slow in 0..<3 {
            let seed = UInt64(slow + 1)
            quiet += waits(seed: seed, slow: slow, isSlow: false, .quorum)
            slowed += waits(seed: seed, slow: slow, isSlow: true, .quorum)
        }
        let text = "\(quiet.count): \(quiet.sorted().percentiles), slowed \(slowed.count): \(slowed.sorted().percentiles)"
        print("p50, p99 and longest wait in ms, quiet \(text)")
        XCTAssertGreaterThan(slowed.count, 500)
        // The faster of two answers is a little faster than the only one.
        XCTAssertLessThan(slowed.sorted().percentiles[0], quiet.sorted().percentiles[0] + 5)
        XCTAssertLessThan(slowed.sorted().percentiles[1], quiet.sorted().percentiles[1] + 10)
    }

    /// What the slowness is: who needs all members waits for it.
    func test_slowMember_operationsAtAllWaitForIt() {
        let waits = waits(seed: 1, slow: 2, isSlow: true, .all)
        XCTAssertGreaterThan(waits.percentiles[1], 100)
    }
}

extension [Int] {
    /// p50, p99 and the longest, of ascending ones.
    fileprivate var percentiles: [Int] { isEmpty ? [0, 0, 0] : [self[count / 2], self[count * 99 / 100], self[count - 1]] }
}

extension ClientOperation {
    fileprivate func asked(at consistency: Consistency) -> ClientOperation {
        ClientOperation(
            kind: kind, keyKind: keyKind, key: key, consistency: isWrite ? consistency : .quorum, pause: pause,
            node: node, retries: retries, patience: patience)
    }
}
