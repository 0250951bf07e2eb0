import Protocol

/// Whose slots are taken over first: those that somebody waits for.
extension Replicator {
    /// A request waits here for a primary of `slot` that can be reached.
    package func awaitPrimary(of slot: Slot) {
        guard let primary = replica(slot).primary, primary != me, !awaited.contains(slot) else { return }
        awaited.insert(slot)
        guard let successor = firstBackup(of: replica(slot)), successor != me else { return }
        awaitedElsewhere[successor.node, default: []].append(slot)
    }

    /// Requests wait at another node, which takes this one for the first backup.
    func onAwaited(_ slots: [Slot]) {
        for slot in slots where replica(slot).configuration != nil { awaited.insert(slot) }
        if !suspicions.isEmpty { mustWatch = true }
    }

    /// Once a turn, for all that began to wait in it.
    func sendAwaited() {
        guard !awaitedElsewhere.isEmpty else { return }
        for node in awaitedElsewhere.keys.sorted() { send(.awaited(awaitedElsewhere[node] ?? []), to: node) }
        awaitedElsewhere.removeAll()
    }

    private func firstBackup(of replica: Replica) -> Member? {
        replica.configuration?.members.dropFirst().first(where: isAlive)
    }
}
