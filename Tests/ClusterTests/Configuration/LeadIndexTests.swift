import Protocol
import XCTest

@testable import Cluster

final class LeadIndexTests: XCTestCase {
    func test_index_afterRandomMoves_isThatOfTheModel() throws {
        var random = Random(seed: 3)
        let members = (1...5).map { RingRecord.sample("n\($0)", disk: UInt64($0)).member }
        let slots = Array(Slot.all.prefix(40))
        var index = LeadIndex()
        var model: [Slot: Member] = [:]
        for _ in 0..<3_000 {
            let slot = try XCTUnwrap(slots.randomElement(using: &random))
            let member = try XCTUnwrap(members.randomElement(using: &random))
            index.move(slot, from: model[slot], to: member)
            model[slot] = member
            XCTAssertEqual(index.primaries, Set(model.values).sorted())
        }
        for member in members {
            XCTAssertEqual(Array(index.slots(of: member)), slots.filter { model[$0] == member })
        }
    }
}
