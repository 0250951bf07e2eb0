import Protocol
import XCTest

@testable import Cluster

final class HandshakeRulesTests: XCTestCase {
    private let rules = HandshakeRules(
        own: record("server1", disk: 1), ring: RingID(rawValue: 7), replicas: 3)

    private static func record(
        _ node: String, disk: UInt64, port: UInt16 = 8082, incarnation: UInt64 = 1,
        status: RingRecord.Status = .active
    ) -> RingRecord {
        RingRecord(
            member: Member(node: NodeID(node)!, disk: DiskID(rawValue: disk)),
            address: NodeAddress(host: "127.0.0.1", port: port), zone: "", weight: 1,
            incarnation: incarnation, status: status)
    }

    private func objection(
        to record: RingRecord = record("server2", disk: 2), ring: UInt64? = 7, replicas: UInt8 = 3,
        dialled: String? = nil, known: RingRecord? = nil, liveness: Liveness = .alive,
        isConnected: Bool = false
    ) -> (reason: String, isFinal: Bool)? {
        let hello = Hello(
            ring: ring.map(RingID.init(rawValue:)), replicas: replicas, record: record,
            dialled: dialled.flatMap { NodeID($0) })
        return rules.objection(
            to: hello,
            known: known.map {
                HandshakeRules.Acquaintance(record: $0, liveness: liveness, isConnected: isConnected)
            })
    }

    func test_objection_strangerOfThisRing_isWelcome() {
        XCTAssertNil(objection())
        XCTAssertNil(objection(ring: nil, dialled: "server1"))
    }

    func test_objection_otherReplicas_namesBothNumbersForGood() {
        let answer = objection(replicas: 2)
        XCTAssertEqual(
            answer?.reason, "this ring keeps 3 replicas, you said 2: start with -replicas 3")
        XCTAssertEqual(answer?.isFinal, true)
    }

    func test_objection_otherRing_namesBoth() {
        let answer = objection(ring: 8)
        XCTAssertEqual(
            answer?.reason, "this is ring 0000000000000007, you belong to ring 0000000000000008")
        XCTAssertEqual(answer?.isFinal, false)
    }

    func test_objection_dialledAnother_isNotThatMember() {
        XCTAssertEqual(objection(dialled: "server9")?.reason, "not that member")
    }

    func test_objection_idOfALiveNodeWithAnotherDisk_isRefusedForGood() {
        let known = Self.record("server2", disk: 9)
        let answer = objection(known: known, isConnected: true)
        XCTAssertEqual(
            answer?.reason, "id server2 is in use by a live node at 127.0.0.1:8082; choose another -id")
        XCTAssertEqual(answer?.isFinal, true)
        XCTAssertEqual(objection(known: known)?.isFinal, false)
        XCTAssertNil(objection(known: known, liveness: .dead))
    }

    func test_objection_ownIDWithAnotherDisk_isRefusedForGood() {
        XCTAssertEqual(objection(to: Self.record("server1", disk: 5))?.isFinal, true)
    }

    func test_objection_copiedFolderAtAnotherAddress_isRefusedWhileTheFirstIsConnected() {
        let copy = Self.record("server2", disk: 2, port: 9000)
        let known = Self.record("server2", disk: 2)
        XCTAssertEqual(objection(to: copy, known: known, isConnected: true)?.isFinal, true)
        XCTAssertNil(objection(to: known, known: known, isConnected: true))
    }

    func test_objection_lowerIncarnationOfTheSameDisk_isAnOldCopy() {
        XCTAssertEqual(objection(known: Self.record("server2", disk: 2, incarnation: 2))?.isFinal, true)
        XCTAssertNil(objection(known: Self.record("server2", disk: 3, incarnation: 2), liveness: .dead))
    }

    func test_objection_diskThatLeft_isRefusedForGood() {
        let known = Self.record("server2", disk: 2, status: .gone)
        let back = Self.record("server2", disk: 2, incarnation: 5)
        XCTAssertEqual(objection(to: back, known: known, liveness: .dead)?.isFinal, true)
        XCTAssertNil(objection(to: Self.record("server2", disk: 3), known: known, liveness: .dead))
    }

    func test_objection_newDiskOfANodeThatWasForgotten_isWelcome() {
        let known = Self.record("server2", disk: 2, status: .gone)
        for isConnected in [false, true] {
            let new = Self.record("server2", disk: 3)
            XCTAssertNil(objection(to: new, known: known, liveness: .alive, isConnected: isConnected))
        }
    }
}
