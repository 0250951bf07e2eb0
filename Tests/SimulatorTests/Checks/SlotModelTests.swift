import Cluster
import Protocol
import XCTest

@testable import Simulator

/// The model reports each law on the history that breaks it, and none on a right one.
final class SlotModelTests: XCTestCase {
    private static let slot = Slot(key: [1])
    private let members = (1...4).map { Member(node: NodeID("n\($0)")!, disk: DiskID(rawValue: 1)) }
    private var model = SlotModel(slot: slot)

    override func setUp() { model = SlotModel(slot: Self.slot) }

    private func configuration(
        _ epoch: Epoch, _ order: [Int] = [0, 1, 2], base: (Epoch, UInt64) = (0, 0)
    ) -> Configuration {
        Configuration(
            epoch: epoch, members: order.map { members[$0] }, base: Version(epoch: base.0, sequence: base.1))
    }

    private func entry(
        _ epoch: Epoch, _ sequence: UInt64, request: UInt64? = nil, key: UInt8 = 1,
        _ change: LogEntry.Change? = nil
    ) -> LogEntry {
        let number = request ?? UInt64(epoch) * 1_000 + sequence
        return LogEntry(
            version: Version(epoch: epoch, sequence: sequence), request: RequestID(origin: 1, number: number),
            timestamp: Timestamp(milliseconds: number), key: [key],
            change: change ?? .set(value: Array("\(number)".utf8), expiry: nil))
    }

    private func decide(_ configuration: Configuration) -> Failure.Law? { model.decide(configuration)?.0 }
    private func see(_ entry: LogEntry, at member: Int = 0) -> Failure.Law? {
        model.see(entry, at: members[member])?.0
    }
    private func commit(_ entry: LogEntry, at member: Int = 0) -> Failure.Law? {
        model.commit(entry, at: members[member])?.0
    }

    /// Epoch 1 with three writes, of which the last was never committed; epoch 2 under another primary.
    private func takeOver() {
        XCTAssertNil(decide(configuration(1)))
        for sequence in UInt64(1)...3 { XCTAssertNil(see(entry(1, sequence))) }
        for sequence in UInt64(1)...2 { XCTAssertNil(commit(entry(1, sequence))) }
        XCTAssertNil(decide(configuration(2, [1, 2], base: (1, 2))))
    }

    // MARK: A right history

    func test_rightHistory_overTwoEpochs_breaksNothing() {
        takeOver()
        XCTAssertNil(see(entry(2, 1), at: 1))
        // Others have the same, and hear of it late.
        XCTAssertNil(see(entry(2, 1), at: 2))
        XCTAssertNil(commit(entry(2, 1), at: 1))
        XCTAssertNil(commit(entry(1, 2), at: 3))
        XCTAssertNil(decide(configuration(2, [1, 2], base: (1, 2))))
        XCTAssertNil(decide(configuration(3, [1, 2, 3], base: (2, 1))))
        XCTAssertEqual(model.latest?.epoch, 3)
        XCTAssertEqual(model.committedEnd, Version(epoch: 2, sequence: 1))
    }

    func test_rightHistory_baseBeyondWhatWasKnownToBeCommitted_isCommittedLater() {
        XCTAssertNil(decide(configuration(1)))
        for sequence in UInt64(1)...3 { XCTAssertNil(see(entry(1, sequence))) }
        XCTAssertNil(commit(entry(1, 1)))
        XCTAssertNil(decide(configuration(2, [1, 2], base: (1, 3))))
        XCTAssertNil(commit(entry(1, 2), at: 1))
        XCTAssertNil(commit(entry(1, 3), at: 1))
    }

    func test_rightHistory_configurationsHeardOfInAnyOrder_breakNothing() {
        XCTAssertNil(decide(configuration(3, base: (1, 4))))
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(decide(configuration(2, base: (1, 4))))
        XCTAssertEqual(model.latest?.epoch, 3)
    }

    // MARK: One chain

    func test_decide_twoConfigurationsOfOneEpoch_breaksTheChain() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertEqual(decide(configuration(1, [1, 0, 2])), .chain)
    }

    func test_decide_oneMembershipWithTwoBases_breaksTheChain() {
        takeOver()
        XCTAssertEqual(decide(configuration(2, [1, 2], base: (1, 3))), .chain)
    }

    // MARK: Bases

    func test_decide_withABaseBelowWhatWasCommitted_losesAWrite() {
        XCTAssertNil(decide(configuration(1)))
        for sequence in UInt64(1)...2 {
            XCTAssertNil(see(entry(1, sequence)))
            XCTAssertNil(commit(entry(1, sequence)))
        }
        XCTAssertEqual(decide(configuration(2, base: (1, 1))), .base)
    }

    func test_decide_withABaseBelowAnEarlierOne_goesBack() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(decide(configuration(2, base: (1, 5))))
        XCTAssertEqual(decide(configuration(3, base: (1, 4))), .base)
    }

    func test_decide_anEarlierOneWithAHigherBase_goesBack() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(decide(configuration(3, base: (1, 4))))
        XCTAssertEqual(decide(configuration(2, base: (1, 5))), .base)
    }

    func test_commit_beyondTheBase_isReported() {
        takeOver()
        XCTAssertEqual(commit(entry(1, 3)), .base)
    }

    func test_commit_inANewEpochBeforeItsBaseIsReached_isReported() {
        XCTAssertNil(decide(configuration(1)))
        for sequence in UInt64(1)...3 { XCTAssertNil(see(entry(1, sequence))) }
        XCTAssertNil(commit(entry(1, 1)))
        XCTAssertNil(decide(configuration(2, [1, 2], base: (1, 3))))
        XCTAssertNil(see(entry(2, 1), at: 1))
        XCTAssertEqual(commit(entry(2, 1), at: 1), .base)
    }

    // MARK: Order

    func test_see_whatItsPrimaryNeverGave_isOutOfOrder() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertEqual(see(entry(1, 1), at: 1), .order)
    }

    func test_see_ofAnEpochThatNobodyDecided_isOutOfOrder() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertEqual(see(entry(2, 1)), .order)
    }

    func test_commit_withAGap_isOutOfOrder() {
        XCTAssertNil(decide(configuration(1)))
        for sequence in UInt64(1)...3 { XCTAssertNil(see(entry(1, sequence))) }
        XCTAssertNil(commit(entry(1, 1)))
        XCTAssertEqual(commit(entry(1, 3)), .order)
    }

    func test_commit_anotherWriteInTheSamePlace_isOutOfOrder() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(see(entry(1, 1)))
        XCTAssertNil(commit(entry(1, 1)))
        XCTAssertEqual(commit(entry(1, 1, request: 7)), .order)
    }

    func test_commit_ofAnEarlierEpochAfterALaterOne_isOutOfOrder() {
        takeOver()
        XCTAssertNil(see(entry(2, 1), at: 1))
        XCTAssertNil(commit(entry(2, 1), at: 1))
        XCTAssertEqual(commit(entry(1, 3)), .order)
    }

    // MARK: Versions and requests

    func test_see_oneVersionOnTwoWrites_isReported() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(see(entry(1, 1)))
        XCTAssertEqual(see(entry(1, 1, request: 9)), .version)
    }

    func test_see_oneVersionOfOneRequestWithTwoValues_isReported() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(see(entry(1, 1)))
        XCTAssertEqual(see(entry(1, 1, .delete), at: 1), .version)
    }

    func test_commit_oneRequestTwice_isReported() {
        XCTAssertNil(decide(configuration(1)))
        XCTAssertNil(commit(entry(1, 1, request: 5)))
        XCTAssertEqual(commit(entry(1, 2, request: 5)), .once)
    }

    // MARK: What it knows

    func test_lasting_leavesOutWhatABaseCutOff() {
        takeOver()
        XCTAssertNil(see(entry(2, 1), at: 1))
        XCTAssertNil(see(entry(2, 2), at: 1))
        let end = Version(epoch: 2, sequence: 1)
        let lasting = model.lasting(after: Version(epoch: 1, sequence: 1), through: end)
        XCTAssertEqual(lasting.map(\.version), [Version(epoch: 1, sequence: 2), end])
    }

    func test_entry_atEachVersion_isTheLastWriteBefore() {
        XCTAssertNil(decide(configuration(1)))
        let changes: [LogEntry] = [
            entry(1, 1, key: 1), entry(1, 2, key: 2), entry(1, 3, key: 1), entry(1, 4, key: 1, .nothing),
            entry(1, 5, key: 1, .delete),
        ]
        for change in changes { XCTAssertNil(commit(change)) }
        func version(at sequence: UInt64, _ key: UInt8 = 1) -> UInt64? {
            model.entry(of: [key], at: Version(epoch: 1, sequence: sequence))?.version.sequence
        }
        XCTAssertEqual((0...5).map { version(at: $0) }, [nil, 1, 1, 3, 3, nil])
        XCTAssertEqual((0...5).map { version(at: $0, 2) }, [nil, nil, 2, 2, 2, 2])
        XCTAssertEqual(model.committed[Version(epoch: 1, sequence: 5)]?.keyIndex, 4)
    }
}
