import Cluster
import Protocol

extension World {
    /// One bit of one entry on the disk of `node` flips, in a slot of which all other copies are intact, and none is in
    /// the midst of being mended from this one.
    /// - Parameter draw: says where.
    func rot(_ node: SimulatedNode, draw: UInt64) {
        guard !losesDisks, settings.replicas >= 3, let replicator = node.process?.replicator else { return }
        let slots = self.slots.filter { slot in
            let replica = replicator.replica(slot)
            return replica.isTrusted && replica.configuration == checks.model(of: slot)?.latest
                && replica.configuration?.members.count ?? 0 >= 3 && replica.isMember(node.member)
                && checks.rot.mayRot(slot) && !isBeingMended(slot) && node.disk.live.tables[slot]?.isEmpty == false
        }
        guard !slots.isEmpty else { return }
        let slot = slots[Int(draw % UInt64(slots.count))]
        let keys = (node.disk.live.tables[slot] ?? [:]).keys.sorted { $0.lexicographicallyPrecedes($1) }
        let key = keys[Int(draw >> 8) % keys.count]
        guard let entry = node.disk.rot(slot, key, bit: UInt8(truncatingIfNeeded: draw >> 56) % 8) else { return }
        note("\(node) has a rotten entry in slot \(slot)", node: node.number)
        checks.rotted(entry, key: key, in: slot, at: node)
    }

    private func isBeingMended(_ slot: Slot) -> Bool {
        nodes.contains { $0.process?.replicator.replica(slot).isUnsound == true }
    }
}
