import Cluster
import Protocol

extension RocksDatabase {
    /// Calls `each` with all records of `family` before `end`, in key order.
    func forEach(
        _ family: RocksFamily, to end: [UInt8], _ each: (Record) throws(StoreError) -> Void
    ) throws(StoreError) {
        var problem: StoreError?
        do throws(RocksError) {
            try scan(family, from: [], to: end) { record in
                do throws(StoreError) {
                    try each(record)
                    return true
                } catch {
                    problem = error
                    return false
                }
            }
        } catch {
            throw .cannotRead(error, in: path)
        }
        if let problem { throw problem }
    }

    /// What removes all data and log records of `slot` that are there: one by one if they are few.
    func removals(of slot: Slot, singlyMax: Int) -> [RocksChange] {
        removals(.data, of: slot, singlyMax) + removals(.log, of: slot, singlyMax)
    }

    private func removals(_ family: RocksFamily, of slot: Slot, _ singlyMax: Int) -> [RocksChange] {
        let range = StorageKey.range(of: slot)
        var removals: [RocksChange] = []
        do {
            try scan(family, from: range.from, to: range.to) { record in
                removals.append(.delete(family, key: record.key))
                return removals.count <= singlyMax
            }
            if removals.count <= singlyMax { return removals }
        } catch {
            // Removing needs no reading: the range does it blindly.
        }
        return [.deleteRange(family, from: range.from, to: range.to)]
    }
}
