import Cluster
import Protocol
import XCTest

@testable import Simulator

/// A ring that has settled, and what its nodes hear; nothing happens to it but what a test does.
final class SettledRing {
    private(set) var world: World!
    /// Gets each line of the trace, with the time.
    private(set) var lines: [(at: Instant, text: String)] = []

    init(_ plan: Plan) {
        world = World(plan) { [unowned self] line in
            if let world { lines.append((world.now, line)) }
        }
        world.nodes[0].start(founding: world.slots)
        world.run(for: .milliseconds(100))
        for node in world.nodes.prefix(plan.members).dropFirst() { node.start() }
        let isSettled = world.run(upTo: .seconds(60)) { world.checks.unsettled(in: world) == nil }
        XCTAssertTrue(isSettled, "\(String(describing: world.checks.unsettled(in: world)))")
        XCTAssertNil(world.failure)
        lines = []
    }

    subscript(number: Int) -> SimulatedNode { world.nodes[number] }

    /// Until the disk of `number` may be lost: nobody is about to decide anything.
    func awaitRest(before number: Int) {
        XCTAssertTrue(world.run(upTo: .seconds(20)) { world.checks.canLose(world.nodes[number]) })
    }

    func link(_ from: Int, _ to: Int) throws -> Connection { try XCTUnwrap(self[from].links[self[to].name]) }

    /// Says something that has a number and that no node does anything with.
    func say(_ number: UInt64, from: Int, to: Int) {
        let words = ForwardedResponse(number: 1_000_000 + number, result: .again)
        self[from].send(.response(words), to: self[to].name)
    }

    /// What was said by `say` and has arrived, in the order in which it did.
    func heard(from: Int, to: Int) -> [(at: Instant, number: UInt64)] {
        lines.compactMap { line in
            guard line.text.contains("\(self[from].name) to \(self[to].name): response("),
                let start = line.text.range(of: "number: 1000")
            else { return nil }
            let digits = line.text[start.upperBound...].prefix { $0.isNumber }
            return UInt64(digits).map { (line.at, $0) }
        }
    }
}
