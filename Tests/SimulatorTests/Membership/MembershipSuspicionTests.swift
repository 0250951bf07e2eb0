import Protocol
import XCTest

@testable import Cluster

/// How long one node suspects another, seen from one membership in a ring of 20 that is never answered.
final class MembershipSuspicionTests: XCTestCase {
    private let start = Instant(microseconds: 5_000_000)
    private let suspect = VirtualRing.id(1)

    private func make() -> Membership {
        let membership = Membership(
            record: VirtualRing.record(0), ring: VirtualRing.ring, seed: 1, now: start)
        membership.merge((1..<20).map { VirtualRing.record($0) }, now: start)
        accuse(membership, by: 2, at: start)
        return membership
    }

    private func accuse(_ membership: Membership, by accuser: Int, at now: Instant) {
        let rumor = Rumor(
            record: VirtualRing.record(1), liveness: .suspect, accuser: VirtualRing.id(accuser))
        membership.merge([rumor], from: VirtualRing.id(accuser), now: now)
    }

    /// - Returns: after how long since the start it was declared dead, to 50 ms.
    private func timeOfDeath(
        of membership: Membership, from begin: Duration = .zero,
        each: (Instant) -> Void = { _ in }
    ) -> Duration? {
        var span = begin
        while span < begin + .seconds(60) {
            span += .milliseconds(50)
            each(start + span)
            membership.onTick(now: start + span)
            if membership.liveness(of: suspect) == .dead { return span }
        }
        return nil
    }

    private func hear(_ membership: Membership, _ now: Instant) {
        let packet = Packet(
            ring: VirtualRing.ring, sender: VirtualRing.record(1), message: .gossip, rumors: [])
        membership.onPacket(packet.encoded(), now: now)
    }

    func test_timeout_withMoreAccusers_shrinksToTheLeast() {
        let settings = MembershipSettings()
        var suspicion = Suspicion(start: start, accuser: VirtualRing.id(2))
        var timeouts = [suspicion.timeout(settings: settings, nodes: 10, confirmers: 8)]
        for accuser in 3..<8 {
            _ = suspicion.confirm(by: VirtualRing.id(accuser), countingUpTo: 3)
            timeouts.append(suspicion.timeout(settings: settings, nodes: 10, confirmers: 8))
        }
        XCTAssertEqual(timeouts.first, .seconds(12))
        XCTAssertEqual(timeouts.last, .seconds(2))
        XCTAssertEqual(timeouts, timeouts.sorted(by: >))
        XCTAssertEqual(timeouts[3], .seconds(2), "three further accusers are enough")
    }

    func test_timeout_whereNobodyCouldConfirm_isTheLeast() {
        let suspicion = Suspicion(start: start, accuser: VirtualRing.id(2))
        XCTAssertEqual(
            suspicion.timeout(settings: MembershipSettings(), nodes: 2, confirmers: 0), .seconds(2))
    }

    func test_confirm_byTheSameAccuser_doesNotCount() {
        var suspicion = Suspicion(start: start, accuser: VirtualRing.id(2))
        XCTAssertFalse(suspicion.confirm(by: VirtualRing.id(2), countingUpTo: 3))
        XCTAssertTrue(suspicion.confirm(by: VirtualRing.id(3), countingUpTo: 3))
    }

    func test_onTick_withThreeFurtherAccusers_declaresDeathSooner() throws {
        let confirmed = make()
        for accuser in 3...5 { accuse(confirmed, by: accuser, at: start) }
        let soon = try XCTUnwrap(timeOfDeath(of: confirmed))
        XCTAssertLessThan(soon, .seconds(3))
        XCTAssertGreaterThan(try XCTUnwrap(timeOfDeath(of: make())), soon)
    }

    func test_merge_ofAFurtherAccuser_isPassedOn() {
        let membership = make()
        var now = start
        // Until the first accusation is old news.
        while !membership.rumors.isEmpty {
            now = now + .milliseconds(200)
            membership.advance(to: now)
            membership.gossipIfDue()
        }
        XCTAssertEqual(membership.liveness(of: suspect), .suspect)
        accuse(membership, by: 2, at: now)
        XCTAssertTrue(membership.rumors.isEmpty, "heard before")
        accuse(membership, by: 3, at: now)
        XCTAssertFalse(membership.rumors.isEmpty)
    }

    func test_onTick_afterAPause_givesTheSuspectItsTimeAgain() throws {
        let membership = make()
        for accuser in 3...5 { accuse(membership, by: accuser, at: start) }
        let undisturbed = Duration.seconds(2)
        membership.onTick(now: start + .milliseconds(500))
        membership.onTick(now: start + .seconds(100))
        XCTAssertEqual(membership.liveness(of: suspect), .suspect)
        let time = try XCTUnwrap(timeOfDeath(of: membership, from: .seconds(100)))
        XCTAssertGreaterThan(time, .seconds(100) + undisturbed - .milliseconds(500))
        XCTAssertLessThan(time, .seconds(104))
    }

    func test_onContact_withASuspect_putsDeathOff() throws {
        let membership = make()
        for accuser in 3...5 { accuse(membership, by: accuser, at: start) }
        let end = start + .seconds(20)
        let time = timeOfDeath(of: membership) { now in
            if now < end { membership.onContact(self.suspect, now: now) }
        }
        XCTAssertGreaterThan(try XCTUnwrap(time), .seconds(20))
    }

    func test_onPacket_fromASuspectThatAnswersNothing_doesNotPutDeathOff() throws {
        let membership = make()
        for accuser in 3...5 { accuse(membership, by: accuser, at: start) }
        let time = timeOfDeath(of: membership) { self.hear(membership, $0) }
        XCTAssertLessThan(try XCTUnwrap(time), .seconds(3))
    }
}
