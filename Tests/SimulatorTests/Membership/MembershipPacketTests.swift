import Protocol
import Simulator
import XCTest

@testable import Cluster

/// Single inputs to one membership: packets good and bad, rumors in any order.
final class MembershipPacketTests: XCTestCase {
    private let now = Instant(microseconds: 5_000_000)

    private func make(_ index: Int = 0, seed: UInt64 = 1) -> Membership {
        let membership = Membership(
            record: GossipRing.record(index), ring: GossipRing.ring, seed: seed, now: now)
        _ = membership.drainEffects()
        return membership
    }

    private func packet(
        from index: Int, _ message: PacketMessage, rumors: [Rumor] = [], incarnation: UInt64 = 1
    ) -> [UInt8] {
        Packet(
            ring: GossipRing.ring, sender: GossipRing.record(index, incarnation: incarnation),
            message: message, rumors: rumors
        ).encoded()
    }

    private func sent(_ membership: Membership) -> [Packet] {
        membership.drainEffects().compactMap { effect in
            guard case .send(let bytes, _, _) = effect else { return nil }
            return try? Packet.decode(bytes, ring: GossipRing.ring)
        }
    }

    func test_onPacket_withPingOfStranger_introducesItAndAnswers() {
        let membership = make()
        membership.onPacket(packet(from: 1, .ping(sequence: 42)), now: now)
        XCTAssertEqual(membership.record(of: GossipRing.id(1)), GossipRing.record(1))
        XCTAssertEqual(
            sent(membership).map(\.message), [.ack(sequence: 42, node: GossipRing.id(0))])
    }

    func test_onPacket_withSuspicionOfSelf_isRefutedOnlyOnceDurable() {
        let membership = make()
        let accusation = Rumor(
            record: GossipRing.record(0), liveness: .suspect, accuser: GossipRing.id(1))
        membership.onPacket(packet(from: 1, .ping(sequence: 1), rumors: [accusation]), now: now)
        let effects = membership.drainEffects()
        XCTAssertTrue(effects.contains(.raiseIncarnation(to: 2)))
        XCTAssertEqual(membership.ownRecord.incarnation, 1, "not used before it is durable")

        membership.onPacket(packet(from: 1, .ping(sequence: 2), rumors: [accusation]), now: now)
        XCTAssertFalse(membership.drainEffects().contains { effect in
            if case .raiseIncarnation = effect { true } else { false }
        }, "one accusation, one raise")

        membership.onIncarnationDurable(2, now: now)
        XCTAssertEqual(
            membership.drainEffects(),
            [
                .recordChanged(GossipRing.record(0, incarnation: 2)), .selfRefuted(newIncarnation: 2),
            ])
        membership.onPacket(packet(from: 1, .ping(sequence: 3), rumors: [accusation]), now: now)
        XCTAssertEqual(sent(membership).map(\.sender.incarnation), [2], "the old accusation is stale")
    }

    func test_onPacket_withHigherIncarnation_revivesTheDead() {
        let membership = make()
        membership.merge([Rumor(record: GossipRing.record(1), liveness: .dead)], from: nil, now: now)
        XCTAssertEqual(membership.liveness(of: GossipRing.id(1)), .dead)
        membership.onPacket(packet(from: 1, .ping(sequence: 1)), now: now)
        XCTAssertEqual(membership.liveness(of: GossipRing.id(1)), .dead, "only a refutation revives")
        XCTAssertEqual(
            sent(membership).first?.rumors.first,
            Rumor(record: GossipRing.record(1), liveness: .dead), "and it is told so first")
        membership.onPacket(packet(from: 1, .ping(sequence: 2), incarnation: 2), now: now)
        XCTAssertEqual(membership.liveness(of: GossipRing.id(1)), .alive)
        XCTAssertTrue(
            membership.drainEffects().contains(.livenessChanged(GossipRing.id(1), .alive)))
    }

    func test_onPacket_withLowerIncarnation_isDroppedAndTold() {
        let membership = make()
        membership.merge([GossipRing.record(1, incarnation: 5)], now: now)
        _ = membership.drainEffects()
        let lie = Rumor(record: GossipRing.record(2), liveness: .alive)
        membership.onPacket(packet(from: 1, .ping(sequence: 1), rumors: [lie], incarnation: 4), now: now)
        XCTAssertNil(membership.record(of: GossipRing.id(2)))
        XCTAssertEqual(membership.counters.outdatedSender, 1)
        let answers = sent(membership)
        XCTAssertEqual(answers.map(\.message), [.gossip])
        XCTAssertEqual(answers.first?.rumors.first?.record.incarnation, 5)
        membership.onPacket(packet(from: 1, .gossip, incarnation: 4), now: now)
        XCTAssertTrue(membership.drainEffects().isEmpty, "only a ping is answered")
    }

    func test_onPacket_amongTwoThatSeeEachOtherDead_doesNotEcho() {
        let (one, other) = (make(0), make(1, seed: 2))
        one.merge([Rumor(record: GossipRing.record(1), liveness: .dead)], from: nil, now: now)
        other.merge([Rumor(record: GossipRing.record(0), liveness: .dead)], from: nil, now: now)
        var inFlight = [packet(from: 1, .gossip)]
        var count = 0
        var receiver = (one, other)
        while let bytes = inFlight.popLast(), count < 100 {
            count += 1
            receiver.0.onPacket(bytes, now: now)
            for effect in receiver.0.drainEffects() {
                if case .send(let bytes, _, _) = effect { inFlight.append(bytes) }
            }
            receiver = (receiver.1, receiver.0)
        }
        XCTAssertLessThan(count, 4)
    }

    func test_onPacket_withRubbish_isCountedByReason() {
        let membership = make()
        var foreign = Packet(
            ring: RingID(rawValue: 1), sender: GossipRing.record(1), message: .gossip, rumors: []
        ).encoded()
        membership.onPacket(foreign, now: now)
        foreign[20] ^= 1
        membership.onPacket(foreign, now: now)
        membership.onPacket([UInt8](repeating: 1, count: 1_401), now: now)
        membership.onPacket([], now: now)
        var later = packet(from: 1, .gossip)
        later[4] = 200
        membership.onPacket(later, now: now)
        membership.onPacket(packet(from: 0, .gossip), now: now)
        let counters = membership.counters
        XCTAssertEqual(counters.foreignRing, 1)
        XCTAssertEqual(counters.damaged, 1)
        XCTAssertEqual(counters.oversized, 1)
        XCTAssertEqual(counters.notAPacket, 1)
        XCTAssertEqual(counters.unknownVersion, 1)
        XCTAssertEqual(counters.fromSelf, 1)
        XCTAssertEqual(counters.dropped, 6)
        XCTAssertTrue(membership.drainEffects().isEmpty)
        XCTAssertEqual(membership.records, [GossipRing.record(0)])
    }

    func test_onPacket_withRandomBytes_neverTraps() {
        var random = Random(seed: 99)
        let membership = make()
        membership.merge((1..<8).map { GossipRing.record($0) }, now: now)
        let good = packet(
            from: 1, .pingRequest(sequence: 1, target: GossipRing.id(2)),
            rumors: [Rumor(record: GossipRing.record(3), liveness: .suspect, accuser: GossipRing.id(1))])
        for round in 0..<1_500 {
            var bytes = good
            switch round % 3 {
            case 0:
                bytes = (0..<Int.random(in: 0...1_500, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            case 1: bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random)))
            default:
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(
                    in: 1...255, using: &random)
            }
            membership.onPacket(bytes, now: now)
        }
        XCTAssertEqual(membership.counters.dropped, 1_500)
    }

    func test_onPacket_truncatedAnywhereOrWithAnyBitTurned_isDroppedAndCounted() {
        let membership = make()
        membership.merge((1..<8).map { GossipRing.record($0) }, now: now)
        _ = membership.drainEffects()
        let (records, good) = (
            membership.records,
            packet(
                from: 1, .ack(sequence: 1, node: GossipRing.id(2)),
                rumors: [Rumor(record: GossipRing.record(3), liveness: .dead)])
        )
        var sent = 0
        for count in 0..<good.count {
            membership.onPacket(Array(good.prefix(count)), now: now)
            sent += 1
        }
        for bit in 0..<(8 * good.count) {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            membership.onPacket(bytes, now: now)
            sent += 1
        }
        XCTAssertEqual(membership.counters.dropped, sent)
        XCTAssertEqual(membership.records, records)
        XCTAssertEqual(membership.liveness(of: GossipRing.id(3)), .alive)
        XCTAssertTrue(membership.drainEffects().isEmpty)
    }

    /// Packets of another ring, as large as they come, and padded ones.
    func test_onPacket_fromAnotherRingOrTooLong_isDroppedAndCounted() {
        let membership = make()
        let rumors = (2..<25).map { Rumor(record: GossipRing.record($0), liveness: .alive) }
        for ring in [0, 1, 76, 78, UInt64.max] {
            let foreign = Packet(
                ring: RingID(rawValue: ring), sender: GossipRing.record(1), message: .gossip, rumors: rumors)
            membership.onPacket(foreign.encoded(), now: now)
        }
        XCTAssertEqual(membership.counters.foreignRing, 5)
        let good = packet(from: 1, .gossip, rumors: rumors)
        for count in [Limits.packetBytesMax + 1, 9_000, 65_507] {
            membership.onPacket(good + [UInt8](repeating: 0, count: count - good.count), now: now)
        }
        XCTAssertEqual(membership.counters.oversized, 3)
        membership.onPacket(good + [0], now: now)
        XCTAssertEqual(membership.counters.dropped, 9)
        XCTAssertEqual(membership.records.count, 1)
    }

    /// Whoever records packets can send them again, in any order, as often as he likes.
    func test_onPacket_replayed_changesNothing() {
        var random = Random(seed: 12)
        for _ in 0..<20 {
            let membership = make()
            let packets = (0..<60).map { _ in
                packet(
                    from: Int.random(in: 1..<8, using: &random), randomMessage(using: &random),
                    rumors: (0..<3).map { _ in randomRumor(using: &random) },
                    incarnation: .random(in: 1...6, using: &random))
            }
            // Twice: what an order of packets leaves open, the second time closes.
            for bytes in packets + packets.shuffled(using: &random) { membership.onPacket(bytes, now: now) }
            func views() -> [Liveness?] { (0..<9).map { membership.liveness(of: GossipRing.id($0)) } }
            let (records, before) = (membership.records, views())
            let dropped = membership.counters.dropped
            for bytes in packets.shuffled(using: &random) { membership.onPacket(bytes, now: now) }
            XCTAssertEqual(membership.records, records)
            XCTAssertEqual(views(), before)
            XCTAssertGreaterThan(membership.counters.dropped, dropped, "from lives that are over")
        }
    }

    func test_onPacket_replayedFromBeforeADeath_doesNotRevive() {
        let membership = make()
        let alive = [packet(from: 1, .ping(sequence: 3)), packet(from: 1, .ack(sequence: 4, node: GossipRing.id(1)))]
        for bytes in alive { membership.onPacket(bytes, now: now) }
        membership.merge([Rumor(record: GossipRing.record(1), liveness: .dead)], from: nil, now: now)
        for bytes in alive + alive { membership.onPacket(bytes, now: now) }
        XCTAssertEqual(membership.liveness(of: GossipRing.id(1)), .dead)
    }

    /// What a hostile or broken peer could say in packets that decode.
    func test_onPacket_withRandomRumors_keepsItsInvariants() {
        var random = Random(seed: 7)
        let membership = make()
        var time = now
        for _ in 0..<1_000 {
            let rumors = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                randomRumor(using: &random)
            }
            let message = randomMessage(using: &random)
            let sender = randomRumor(using: &random).record
            let bytes = Packet(
                ring: GossipRing.ring, sender: sender, message: message, rumors: rumors
            ).encoded()
            membership.onPacket(bytes, now: time)
            time = time + .milliseconds(20)
            membership.onTick(now: time)
            for effect in membership.drainEffects() {
                if case .send(let bytes, _, _) = effect {
                    XCTAssertLessThanOrEqual(bytes.count, Limits.packetBytesMax)
                }
                if case .raiseIncarnation(let incarnation) = effect {
                    membership.onIncarnationDurable(incarnation, now: time)
                }
            }
        }
        XCTAssertEqual(membership.ownRecord.status, .active)
        XCTAssertEqual(membership.ownRecord.member, GossipRing.record(0).member)
    }

    func test_merge_inAnyOrder_comesToTheSameRecords() {
        var random = Random(seed: 3)
        for round in 0..<50 {
            var rumors = (0..<30).map { _ in randomRumor(using: &random) }
            rumors.removeAll { $0.node == GossipRing.id(0) }
            let (one, other) = (make(seed: 1), make(seed: 2))
            one.merge(rumors.map(\.record), now: now)
            rumors.shuffle(using: &random)
            other.merge((rumors + rumors).map(\.record), now: now)
            XCTAssertEqual(one.records, other.records, "round \(round)")
            XCTAssertEqual(one.digest, other.digest)
        }
    }

    func test_merge_ofExchangedDeath_onlySuspects() {
        let membership = make()
        membership.merge([GossipRing.record(1)], now: now)
        membership.merge(
            [Rumor(record: GossipRing.record(1), liveness: .dead)], from: GossipRing.id(2), now: now)
        XCTAssertEqual(membership.liveness(of: GossipRing.id(1)), .suspect)
    }

    func test_merge_ofOwnDisk_isNotPassedOnButOneStrangerIs() {
        let membership = make()
        membership.merge((1...20).map { GossipRing.record($0) }, now: now)
        _ = membership.drainEffects()
        membership.onTick(now: now + .milliseconds(200))
        XCTAssertEqual(sent(membership).flatMap(\.rumors), [])
        membership.merge([GossipRing.record(21)], now: now)
        membership.onTick(now: now + .milliseconds(400))
        XCTAssertEqual(
            Set(sent(membership).flatMap(\.rumors)),
            [Rumor(record: GossipRing.record(21), liveness: .alive)])
    }

    func test_forgetAndRecords_whateverTheOrder_leaveTheDiskGone() {
        let (one, other) = (make(0), make(1, seed: 2))
        one.merge([GossipRing.record(2, incarnation: 3)], now: now)
        other.merge([GossipRing.record(2, incarnation: 3)], now: now)
        one.forget(GossipRing.id(2), now: now)
        other.merge([GossipRing.record(2, incarnation: 40)], now: now)
        let (fromOne, fromOther) = (one.exchangeOfAll().rumors, other.exchangeOfAll().rumors)
        one.merge(fromOther, from: GossipRing.id(1), now: now)
        other.merge(fromOne, from: GossipRing.id(0), now: now)
        XCTAssertEqual(one.record(of: GossipRing.id(2))?.status, .gone)
        XCTAssertEqual(other.record(of: GossipRing.id(2))?.status, .gone)
    }

    func test_update_ofAddress_waitsForAHigherIncarnation() {
        let membership = make()
        let moved = NodeAddress(host: "elsewhere", port: 1)
        membership.update(address: moved, now: now)
        XCTAssertEqual(membership.drainEffects(), [.raiseIncarnation(to: 2)])
        XCTAssertNotEqual(membership.ownRecord.address, moved)
        membership.onIncarnationDurable(2, now: now)
        XCTAssertEqual(membership.ownRecord.address, moved)
        XCTAssertEqual(membership.ownRecord.incarnation, 2)
    }

    private func randomRumor(using random: inout Random) -> Rumor {
        let liveness = Liveness.allCases.randomElement(using: &random) ?? .alive
        let record = GossipRing.record(
            Int.random(in: 0..<8, using: &random),
            status: RingRecord.Status.allCases.randomElement(using: &random) ?? .active,
            incarnation: UInt64.random(in: 0..<4, using: &random) &* .random(in: 1...2, using: &random),
            disk: .random(in: 1..<4, using: &random))
        let accuser = GossipRing.id(Int.random(in: 0..<9, using: &random))
        return Rumor(record: record, liveness: liveness, accuser: liveness == .suspect ? accuser : nil)
    }

    private func randomMessage(using random: inout Random) -> PacketMessage {
        let sequence = UInt32.random(in: 0...10, using: &random)
        let node = GossipRing.id(Int.random(in: 0..<9, using: &random))
        return switch Int.random(in: 0..<5, using: &random) {
        case 0: .ping(sequence: sequence)
        case 1: .ack(sequence: sequence, node: node)
        case 2: .pingRequest(sequence: sequence, target: node)
        case 3: .nack(sequence: sequence)
        default: .gossip
        }
    }
}
