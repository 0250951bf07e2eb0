import Protocol
import Simulator
import XCTest

@testable import Cluster

/// How long one node suspects another, seen from one membership in a ring of 20 that is never answered.
final class MembershipSuspicionTests: XCTestCase {
    private let start = Instant(microseconds: 5_000_000)
    private let suspect = GossipRing.id(1)

    private func make() -> Membership {
        let membership = Membership(
            record: GossipRing.record(0), ring: GossipRing.ring, seed: 1, now: start)
        membership.merge((1..<20).map { GossipRing.record($0) }, now: start)
        accuse(membership, by: 2, at: start)
        return membership
    }

    private func accuse(_ membership: Membership, by accuser: Int, at now: Instant) {
        let rumor = Rumor(
            record: GossipRing.record(1), liveness: .suspect, accuser: GossipRing.id(accuser))
        membership.merge([rumor], from: GossipRing.id(accuser), now: now)
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
            ring: GossipRing.ring, sender: GossipRing.record(1), message: .gossip, rumors: [])
        membership.onPacket(packet.encoded(), now: now)
    }

    func test_timeout_withMoreAccusers_shrinksToTheLeast() {
        let settings = MembershipSettings()
        var suspicion = Suspicion(start: start, accuser: GossipRing.id(2), firstSequence: 1)
        var timeouts = [suspicion.timeout(settings: settings, nodes: 10, confirmers: 8)]
        for accuser in 3..<8 {
            _ = suspicion.confirm(by: GossipRing.id(accuser), countingUpTo: 3)
            timeouts.append(suspicion.timeout(settings: settings, nodes: 10, confirmers: 8))
        }
        XCTAssertEqual(timeouts.first, settings.suspicionMin * 6)
        XCTAssertEqual(timeouts.last, settings.suspicionMin)
        XCTAssertEqual(timeouts, timeouts.sorted(by: >))
        XCTAssertEqual(timeouts[3], settings.suspicionMin, "three further accusers are enough")
    }

    func test_timeout_whereNobodyCouldConfirm_isTheLeast() {
        let suspicion = Suspicion(start: start, accuser: GossipRing.id(2), firstSequence: 1)
        XCTAssertEqual(
            suspicion.timeout(settings: MembershipSettings(), nodes: 2, confirmers: 0),
            MembershipSettings().suspicionMin)
    }

    func test_confirm_byTheSameAccuser_doesNotCount() {
        var suspicion = Suspicion(start: start, accuser: GossipRing.id(2), firstSequence: 1)
        XCTAssertFalse(suspicion.confirm(by: GossipRing.id(2), countingUpTo: 3))
        XCTAssertTrue(suspicion.confirm(by: GossipRing.id(3), countingUpTo: 3))
    }

    func test_onTick_withThreeFurtherAccusers_declaresDeathSooner() throws {
        let confirmed = make()
        for accuser in 3...5 { accuse(confirmed, by: accuser, at: start) }
        let soon = try XCTUnwrap(timeOfDeath(of: confirmed))
        XCTAssertLessThan(soon, .seconds(5))
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
        let undisturbed = MembershipSettings().suspicionMin
        membership.onTick(now: start + .milliseconds(500))
        membership.onTick(now: start + .seconds(100))
        XCTAssertEqual(membership.liveness(of: suspect), .suspect)
        let time = try XCTUnwrap(timeOfDeath(of: membership, from: .seconds(100)))
        XCTAssertGreaterThan(time, .seconds(100) + undisturbed - .milliseconds(500))
        XCTAssertLessThan(time, .seconds(106))
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
        XCTAssertLessThan(try XCTUnwrap(time), .seconds(5))
    }

    func test_onPacket_withALateAck_showsLife() throws {
        // The suspect was paused, and finds in its socket what it was asked meanwhile.
        let membership = make()
        for accuser in 3...5 { accuse(membership, by: accuser, at: start) }
        var pings: [UInt32] = []
        var wasHeard = false
        let time = timeOfDeath(of: membership) { now in
            pings += self.pings(of: membership)
            guard now > self.start + .milliseconds(3_900), !wasHeard, let ping = pings.first else { return }
            wasHeard = true
            let ack = Packet(
                ring: GossipRing.ring, sender: GossipRing.record(1),
                message: .ack(sequence: ping, node: self.suspect), rumors: [])
            membership.onPacket(ack.encoded(), now: now)
        }
        XCTAssertTrue(wasHeard)
        XCTAssertGreaterThan(try XCTUnwrap(time), .seconds(7), "its time began anew")
    }

    func test_onPacket_withAnAckToNothingThatWasAsked_showsNothing() throws {
        let membership = make()
        for accuser in 3...5 { accuse(membership, by: accuser, at: start) }
        let before = membership.lastSequence
        let time = timeOfDeath(of: membership) { now in
            for sequence in [before, before &- 5, membership.lastSequence &+ 1_000] {
                let ack = Packet(
                    ring: GossipRing.ring, sender: GossipRing.record(1),
                    message: .ack(sequence: sequence, node: self.suspect), rumors: [])
                membership.onPacket(ack.encoded(), now: now)
            }
        }
        XCTAssertLessThan(try XCTUnwrap(time), .seconds(6))
    }

    func test_onTick_beforeItDeclaresDeath_pingsOnceMore() throws {
        let membership = make()
        for accuser in 3...5 { accuse(membership, by: accuser, at: start) }
        var last = start
        let time = try XCTUnwrap(
            timeOfDeath(of: membership) { now in
                if !self.pings(of: membership).isEmpty { last = now }
            })
        XCTAssertLessThan((start + time).since(last), .milliseconds(500))
        XCTAssertGreaterThanOrEqual((start + time).since(last), MembershipSettings().pingTimeout)
    }

    /// The pings to the suspect that the membership sends now.
    private func pings(of membership: Membership) -> [UInt32] {
        membership.drainEffects().compactMap { effect in
            guard case .send(let bytes, suspect, _) = effect,
                case .ping(let sequence)? = try? Packet.decode(bytes, ring: GossipRing.ring).message
            else { return nil }
            return sequence
        }
    }
}
