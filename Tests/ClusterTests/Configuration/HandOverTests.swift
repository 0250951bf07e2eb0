import Protocol
import XCTest

@testable import Cluster

final class HandOverTests: XCTestCase {
    private let nodes = TestNodes()
    private let slot = TestNodes.slots[0]

    private func replica(_ host: TestHost) throws -> Replica { try XCTUnwrap(host.node).replicator.replica(slot) }

    /// The primary of the slot, and who leads it once that stops.
    private func primaryAndNext(_ hosts: [TestHost]) throws -> (TestHost, TestHost) {
        let members = try XCTUnwrap(replica(hosts[0]).configuration).members
        let sorted = members.compactMap { member in hosts.first { $0.id == member.node } }
        return (sorted[0], sorted[1])
    }

    func test_stoppingNode_saysSoOnceToEachOther() throws {
        let hosts = nodes.makeRing(3)
        nodes.turn(hosts[0]) { $0.replicator.onStopping() }
        let said = hosts[0].messages.filter { $0.message == .stopping }.map(\.to)
        XCTAssertEqual(said.sorted(), [hosts[1].id, hosts[2].id])
        let declared = hosts[0].messages.filter { if case .memberState = $0.message { true } else { false } }
        XCTAssertTrue(declared.isEmpty, "\(declared)")
        nodes.run(for: .milliseconds(30))
        XCTAssertEqual(hosts[1].node?.replicator.peers[hosts[0].id]?.isStopping, true)
    }

    /// Brings the slot to where `next` is about to have durably accepted to lead it, and will sync nothing after that.
    private func handOver(from primary: TestHost, to next: TestHost) throws -> Epoch {
        let epoch = try replica(next).epoch
        nodes.turn(primary) { $0.replicator.onStopping() }
        let hasAccepted = nodes.run(until: { (try? self.replica(next).accepted) != nil }, within: .seconds(3))
        XCTAssertTrue(hasAccepted)
        XCTAssertEqual(try replica(next).epoch, epoch)
        next.store.syncTime = { .seconds(60) }
        return epoch
    }

    func test_newPrimary_thatAcceptedDurably_opensBeforeTheDecisionIsSynced() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        let epoch = try handOver(from: primary, to: next)
        let isOpen = nodes.run(
            until: { (try? self.replica(next).leadership?.phase) == .open }, within: .milliseconds(200))
        XCTAssertTrue(isOpen)
        XCTAssertEqual(try replica(next).epoch, epoch + 1)
        XCTAssertTrue(try replica(next).isComplete)
    }

    /// It has forgotten that it led the epoch, and learns that it does: versions that it gave must not be given again.
    func test_newPrimary_thatForgotTheDecision_doesNotLeadThatEpochAgain() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        let epoch = try handOver(from: primary, to: next)
        nodes.run(until: { (try? self.replica(next).leadership?.phase) == .open }, within: .milliseconds(200))
        nodes.kill(next)
        next.store.syncTime = { .milliseconds(1) }
        let again = try nodes.restart(next)
        XCTAssertEqual(try replica(again).epoch, epoch)
        var hasLed = false
        let isOpen = nodes.run(
            until: {
                guard let replica = try? self.replica(again) else { return false }
                if replica.epoch == epoch + 1, replica.leadership != nil { hasLed = true }
                return replica.epoch > epoch + 1 && replica.isComplete && !replica.isSealed
            }, within: .seconds(20))
        XCTAssertTrue(isOpen)
        XCTAssertFalse(hasLed)
    }

    /// Those that stay are asked for a word: what they say by themselves may come 200 ms later.
    func test_shrinkingSlot_isClosedNoLongerThanAQuestionTakes() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        nodes.kill(try XCTUnwrap(nodes.hosts.first { $0.id != primary.id && $0.id != next.id }))
        let isClosed = nodes.run(
            until: {
                guard case .closing(let members, _) = (try? self.replica(primary))?.leadership?.phase else { return false }
                return members.count == 2
            }, within: .seconds(30))
        XCTAssertTrue(isClosed)
        XCTAssertEqual(primary.node?.replicator.peers[next.id]?.requestedRound, 1)
        let isDecided = nodes.run(
            until: { (try? self.replica(primary).memberCount) == 2 }, within: .milliseconds(70))
        XCTAssertTrue(isDecided)
    }

    /// The primary proposes that the same members follow in another order, and hears from none of them by itself.
    /// - Returns: what it proposed, and the other members.
    private func proposeAnew(_ primary: TestHost) throws -> (Proposal, [TestHost]) {
        let members = try XCTUnwrap(replica(primary).configuration).members
        nodes.isSilenced = { $0 !== primary }
        nodes.turn(primary) { node in
            let replica = node.replicator.replica(self.slot)
            guard let leadership = replica.leadership else { return }
            node.replicator.proposeAsPrimary([members[0], members[2], members[1]], for: replica, leadership)
        }
        nodes.run(for: .milliseconds(50))
        let others = members.dropFirst().compactMap { member in nodes.hosts.first { $0.id == member.node } }
        return (try XCTUnwrap(replica(primary).proposal), others)
    }

    private func accept(_ proposal: Proposal, by member: TestHost, at primary: TestHost) throws {
        let accepted = Accepted(slot: slot, epoch: try replica(primary).epoch, ballot: proposal.ballot)
        nodes.turn(primary) { $0.onMessage(.accepted(accepted), from: member.id) }
    }

    func test_primaryThatStays_opensWithTheDecision() throws {
        let (primary, next) = try primaryAndNext(nodes.makeRing(3))
        let epoch = try replica(primary).epoch
        // The third member has not got this: it stays in the log, and the stream speaks of it at once.
        nodes.isSilenced = { $0 !== primary && $0 !== next }
        let key = try XCTUnwrap(TestNodes.keys.first { Slot(key: $0) == slot })
        guard case .written = nodes.ask(primary, .set(value: [1], ttlMilliseconds: nil), key) else {
            return XCTFail("not written")
        }
        let (proposal, others) = try proposeAnew(primary)
        try accept(proposal, by: others[0], at: primary)
        XCTAssertEqual(try replica(primary).epoch, epoch + 1)
        let leadership = try XCTUnwrap(replica(primary).leadership)
        XCTAssertEqual(leadership.phase, .open)
        XCTAssertEqual(leadership.flows.filter(\.isDeclared).map(\.member.node), [others[0].id])
        // The decision is on its way before anything of the new epoch.
        let toOthers = primary.messages.filter { $0.to == others[0].id }.map(\.message)
        let news = toOthers.firstIndex { if case .configurations = $0 { true } else { false } }
        let stream = toOthers.firstIndex { if case .append = $0 { true } else { false } }
        XCTAssertLessThan(try XCTUnwrap(news), try XCTUnwrap(stream))
    }

    /// It may have promised something in the epoch that is only being decided here, and has said so already.
    func test_acceptorThatSpokeOfALaterEpoch_doesNotCount() throws {
        let (primary, _) = try primaryAndNext(nodes.makeRing(3))
        primary.store.syncTime = { .seconds(60) }
        let epoch = try replica(primary).epoch
        let (proposal, others) = try proposeAnew(primary)
        try accept(proposal, by: others[0], at: primary)
        let sealed = MemberState(slot: slot, epoch: epoch + 1, isComplete: true, isSealed: true, position: .zero)
        nodes.turn(primary) { $0.onMessage(.memberState(sealed), from: others[0].id) }
        try accept(proposal, by: others[1], at: primary)
        XCTAssertEqual(try replica(primary).epoch, epoch + 1)
        let leadership = try XCTUnwrap(replica(primary).leadership)
        XCTAssertEqual(leadership.flows.filter(\.isDeclared).map(\.member.node), [others[1].id])
    }

    /// What it said on another connection does not count.
    func test_acceptorWhoseConnectionBroke_doesNotCount() throws {
        let (primary, _) = try primaryAndNext(nodes.makeRing(3))
        primary.store.syncTime = { .seconds(60) }
        let (proposal, others) = try proposeAnew(primary)
        try accept(proposal, by: others[0], at: primary)
        nodes.turn(primary) { $0.onLinkClosed(with: others[0].id) }
        try accept(proposal, by: others[1], at: primary)
        let leadership = try XCTUnwrap(replica(primary).leadership)
        XCTAssertEqual(leadership.flows.filter(\.isDeclared).map(\.member.node), [others[1].id])
    }

    /// It lost its copy between its acceptance and the decision, and got another: what it says then counts.
    func test_firstWordOfACountedAcceptor_countsUnlessItStandsWhereItWasTakenToBe() throws {
        let (primary, _) = try primaryAndNext(nodes.makeRing(3))
        let (proposal, others) = try proposeAnew(primary)
        try accept(proposal, by: others[0], at: primary)
        let replica = try replica(primary)
        let leadership = try XCTUnwrap(replica.leadership)
        let index = try XCTUnwrap(leadership.flows.firstIndex { $0.member.node == others[0].id })
        XCTAssertTrue(leadership.flows[index].isAssumed)
        let base = try XCTUnwrap(replica.configuration).base
        leadership.flows[index].acknowledged = Version(rawValue: base.rawValue + 1)
        let state = MemberState(slot: slot, epoch: replica.epoch, isComplete: true, isSealed: false, position: base)
        nodes.turn(primary) { $0.onMessage(.memberState(state), from: others[0].id) }
        XCTAssertEqual(leadership.flows[index].acknowledged, base)
        XCTAssertFalse(leadership.flows[index].isAssumed)
    }

    /// Others count on what it has accepted.
    func test_memberThatHasAccepted_doesNotBeginACopy() throws {
        let (primary, member) = try primaryAndNext(nodes.makeRing(3))
        let replicator = try XCTUnwrap(member.node).replicator
        let replica = replicator.replica(slot)
        let source = try XCTUnwrap(replica.configuration).primary
        let present = try XCTUnwrap(replica.configuration)
        let next = Configuration(epoch: present.epoch + 1, members: present.members, base: replica.log.position)
        for hasAccepted in [false, true] {
            replica.accepted = hasAccepted ? Acceptance(ballot: Ballot(round: 1, proposer: source), value: next) : nil
            replica.pull = Pull(
                source: source, session: try XCTUnwrap(replicator.session(with: source.node)), lastHeard: nodes.now)
            replica.pull?.number = 99
            let supply = Supply(slot: slot, epoch: present.epoch, number: 99, content: .copyNeeded)
            replicator.onMessage(.supply(supply), from: primary.id, now: nodes.now)
            XCTAssertEqual(replica.pull == nil, hasAccepted)
            XCTAssertTrue(replica.isHeld)
        }
    }
}
