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

    /// The keys of the first records from `from` to before `to`, at most `countMax`.
    func keys(
        _ family: RocksFamily, from: [UInt8], to: [UInt8], countMax: Int
    ) throws(RocksError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        try scan(family, from: from, to: to) { record in
            keys.append(record.key)
            return keys.count < countMax
        }
        return keys
    }
}
