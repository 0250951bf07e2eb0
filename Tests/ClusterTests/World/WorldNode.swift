import Protocol

@testable import Cluster

/// One node of the world: the real replicator and coordinator on a store that can crash.
final class WorldNode: Outbox, Replies {
    let member: Member
    let store = WorldStore()
    private(set) var replicator: Replicator?
    private(set) var coordinator: Coordinator?
    var ring = Ring()
    var isPaused = false
    private var starts: UInt64 = 0

    var sendOut: (PeerMessage, NodeID) -> Void = { _, _ in }
    var finish: (UInt64, Outcome) -> Void = { _, _ in }

    init(_ name: String, disk: UInt64) {
        member = Member(node: NodeID(name)!, disk: DiskID(rawValue: disk))
    }

    var isUp: Bool { replicator != nil }

    func start(now: Instant, settings: ReplicatorSettings, seed: UInt64, replicas: Int) {
        starts += 1
        store.now = now
        let replicator = Replicator(
            member: member, store: store, outbox: self, settings: settings, seed: seed &+ starts, now: now)
        do {
            try replicator.restore()
        } catch {
            preconditionFailure("\(error)")
        }
        replicator.onTargets(Targets(ring: ring, replicas: replicas))
        self.replicator = replicator
        coordinator = Coordinator(
            replicator: replicator, outbox: self, replies: self,
            origin: member.disk.rawValue << 32 | starts)
    }

    func stop() {
        replicator = nil
        coordinator = nil
    }

    func endTurn() {
        guard let replicator, let coordinator else { return }
        replicator.endTurn()
        coordinator.onTurn()
        replicator.endTurn()
    }

    func send(_ message: PeerMessage, to node: NodeID) { sendOut(message, node) }

    func complete(_ token: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        finish(token, outcome)
    }
}
