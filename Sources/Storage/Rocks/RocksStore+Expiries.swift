import Cluster
import Protocol

extension RocksStore {
    /// Begins at `from`, so that what lies before, removed long since, is not walked over again.
    package func expiries(in slot: Slot, from: Timestamp, countMax: Int) throws(StoreError) -> [Expiry] {
        let changes = batch.expiries(of: slot)
        var found: Set<Expiry> = []
        if !batch.isCleared(slot) {
            let database = try opened()
            let start = StorageKey.expiry(slot, from, [])
            do throws(RocksError) {
                try database.scan(.data, from: start, to: StorageKey.range(of: slot).to) { record in
                    if let expiry = StorageKey.expiry(of: record.key), changes[expiry] != false {
                        found.insert(expiry)
                    }
                    return found.count < countMax
                }
            } catch {
                throw .cannotRead(error, in: path)
            }
        }
        for (expiry, isThere) in changes where isThere && expiry.at >= from { found.insert(expiry) }
        return Array(found.sorted().prefix(countMax))
    }
}
