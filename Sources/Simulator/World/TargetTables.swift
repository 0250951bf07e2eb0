import Cluster
import Protocol

/// The tables of targets that the nodes of a world share: each is computed once, and now and then once more,
/// to see that equal records give equal tables.
final class TargetTables {
    private struct Key: Hashable {
        let digest: UInt64
        let replicas: Int
    }

    private var tables: [Key: (targets: Targets, bearing: [RingRecord])] = [:]
    private var requests = 0
    var fail: (String) -> Void = { _ in }

    func table(of ring: Ring, replicas: Int) -> Targets {
        requests += 1
        let key = Key(digest: ring.digest, replicas: replicas)
        let bearing = ring.records.filter { $0.status == .active && $0.weight > 0 }
        guard let known = tables[key] else {
            let targets = Targets(ring: ring, replicas: replicas)
            tables[key] = (targets, bearing)
            return targets
        }
        let isSame = known.bearing.elementsEqual(bearing) { one, other in
            one.member == other.member && one.zone == other.zone && one.weight == other.weight
        }
        if !isSame { fail("one digest for two sets of records") }
        if requests % 25 == 0, Targets(ring: ring, replicas: replicas) != known.targets {
            fail("two tables for the same records")
        }
        return known.targets
    }
}
