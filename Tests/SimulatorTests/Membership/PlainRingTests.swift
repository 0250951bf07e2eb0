import Cluster
import Simulator
import XCTest

final class PlainRingTests: XCTestCase {
    func test_plainRing_allNodesTakePlaces() {
        let targets = Targets(ring: .plain(40), replicas: 3)
        XCTAssertEqual(targets.members.count, 40)
        XCTAssertTrue(targets.members.allSatisfy { targets.placesHeld(by: $0.node) > 0 })
        XCTAssertEqual(Targets(ring: .plain(40), replicas: 3).digest, targets.digest)
    }
}
