import Cluster
import Protocol

/// What happens to nodes.
extension GossipRing {
    /// Has every node know all records, as after an hour of quiet.
    package func introduceAll() {
        let records = nodes.map { $0.membership.ownRecord }
        for node in nodes { node.membership.merge(records, now: node.clock.reading(at: now)) }
    }

    /// Node `index` dials `seed` and learns all that it knows, as the driver has it.
    package func join(_ index: Int, through seed: Int) {
        schedule(.dial(from: index, to: seed), after: someLatency)
    }

    /// A node that goes by the id of node `index`, with a disk and an address of its own. It knows only
    /// itself.
    package func addTwin(of index: Int, disk: UInt64) -> Int {
        let twin = nodes.count
        return add(
            GossipRing.record(index, disk: disk, address: GossipRing.address(twin)), isTwin: true)
    }

    package func kill(_ index: Int) {
        nodes[index].state = .killed
        nodes[index].waiting = []
    }

    /// Comes back with no memory of the ring, and joins it.
    /// - Parameters:
    ///   - disk: another one than before, where given.
    ///   - address: another one than before, where given.
    package func restart(
        _ index: Int, incarnation: UInt64, disk: UInt64? = nil, address: NodeAddress? = nil,
        through seed: Int
    ) {
        let node = nodes[index]
        node.disk = disk ?? node.disk
        node.address = address ?? node.address
        places[node.address] = index
        node.state = .running
        node.waiting = []
        let record = GossipRing.record(
            index, incarnation: incarnation, disk: node.disk, address: node.address)
        node.membership = makeMembership(record, node.clock)
        join(index, through: seed)
    }

    package func pause(_ index: Int) {
        guard nodes[index].state == .running else { return }
        nodes[index].state = .paused
    }

    /// What waited in the sockets is there before its next tick.
    package func resume(_ index: Int) {
        let node = nodes[index]
        guard node.state == .paused else { return }
        node.state = .running
        let waiting = node.waiting
        node.waiting = []
        for event in waiting { perform(event) }
        input(index) { $0.onTick(now: $1) }
    }

    /// Has a membership hear of something, at its own time, and does what it wants.
    package func input(_ index: Int, _ body: (Membership, Instant) -> Void) {
        body(nodes[index].membership, localTime(of: index))
        carryOut(index)
    }

    /// What node `index` takes for now.
    package func localTime(of index: Int) -> Instant { nodes[index].clock.reading(at: now) }
}
