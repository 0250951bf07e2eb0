import Protocol

@testable import Cluster

extension TestHost {
    /// Puts an entry that nobody wrote into the copy of `slot`, so that it is counted and nothing but a comparison with
    /// other copies shows it.
    func spoil(_ slot: Slot, by text: String) {
        guard let replicator = node?.replicator else { return }
        let replica = replicator.replica(slot)
        let key = Array("spoilt".utf8)
        let entry = Entry(
            value: Array(text.utf8), version: Version(epoch: 1, sequence: 1), timestamp: Timestamp(milliseconds: 1),
            expiry: nil)
        store.put(entry, key: key, in: slot)
        replica.tally.add(entry, key: key)
        replicator.markProgress(of: replica)
    }

    func digest(of slot: Slot) -> UInt64? { node?.replicator.replica(slot).tally.digest }
}
