import Protocol

/// That the entry under a key expires.
package struct Expiry: Hashable, Comparable, Sendable {
    /// From when on it reads as missing.
    package let at: Timestamp
    package let key: [UInt8]

    package init(at: Timestamp, key: [UInt8]) {
        self.at = at
        self.key = key
    }

    package static func < (left: Expiry, right: Expiry) -> Bool {
        left.at == right.at ? left.key.lexicographicallyPrecedes(right.key) : left.at < right.at
    }
}

extension Expiry {
    /// Those of a whole table, soonest first: for stores that keep no index of them.
    package static func all(
        of table: [[UInt8]: Entry], from: Timestamp, countMax: Int
    ) -> [Expiry] {
        let all = table.compactMap { key, entry in entry.expiry.map { Expiry(at: $0, key: key) } }
        return Array(all.filter { $0.at >= from }.sorted().prefix(countMax))
    }
}
