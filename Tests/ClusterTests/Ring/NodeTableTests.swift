import Protocol
import XCTest

@testable import Cluster

/// The law: it holds what a dictionary would, with few nodes, which are found one by one, and with many.
final class NodeTableTests: XCTestCase {
    func test_anyChanges_comeToTheSame_asOfADictionary() throws {
        for count in [3, 8, 9, 40] {
            let nodes = try (0..<count).map { try XCTUnwrap(NodeID("node-\($0)")) }
            var random = Random(seed: UInt64(count))
            var table = NodeTable<Int>()
            var model: [NodeID: Int] = [:]
            for step in 0..<2_000 {
                let node = try XCTUnwrap(nodes.randomElement(using: &random))
                let value = Int.random(in: 0..<3, using: &random) == 0 ? nil : step
                table[node] = value
                model[node] = value
                for other in nodes { XCTAssertEqual(table[other], model[other], "\(count) nodes, step \(step), \(other)") }
                XCTAssertEqual(table.sortedNodes, model.keys.sorted())
                XCTAssertEqual(table.values.sorted(), model.values.sorted())
                XCTAssertEqual(table.isEmpty, model.isEmpty)
            }
        }
    }
}
