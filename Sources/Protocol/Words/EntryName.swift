/// 128 bits that stand for an entry with its key, its version and all it holds: two copies whose lists of names are
/// equal are equal.
package struct EntryName: Hashable, Sendable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
