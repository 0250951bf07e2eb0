import CProcessor
import Glibc

/// The buckets of an open-addressing hash table with linear probing. A bucket is 0 (empty), 1 (its entry was
/// removed) or an entry: its address in the lower 48 bits, the upper 16 bits of its hash above.
///
/// Invariants: `capacity` is 0 or a power of two, `base` has so many buckets; `used` of them are not empty, and
/// while entries are added at least one is empty, so that probing ends; addresses have no more than 48 bits, as on
/// every system that this runs on.
struct Buckets {
    private static let removed: UInt64 = 1
    private static let addressBits: UInt64 = 48
    /// From this size on the pages come from the system and go back to it one by one: neither to clear nor to free
    /// them takes long at once.
    private static let mappedBytesMin = 256 << 10
    private static let releasedBytes = 64 << 10

    private let base: UnsafeMutablePointer<UInt64>?
    let capacity: Int
    private(set) var used = 0

    init() {
        base = nil
        capacity = 0
    }

    init(capacity: Int) {
        self.capacity = capacity
        let bytes = capacity * 8
        if bytes >= Self.mappedBytesMin {
            base = Pages.map(bytes).bindMemory(to: UInt64.self, capacity: capacity)
        } else {
            base = calloc(capacity, 8)?.bindMemory(to: UInt64.self, capacity: capacity)
        }
        precondition(base != nil, "out of memory")
    }

    var bytes: Int { capacity * 8 }
    private var isMapped: Bool { bytes >= Self.mappedBytesMin }

    /// Frees the buckets, not the entries.
    func free() {
        guard let base else { return }
        if isMapped { Pages.unmap(base, bytes) } else { Glibc.free(base) }
    }

    /// Buckets before `index` are not looked at any more.
    func release(before index: Int) {
        guard isMapped, index * 8 % Self.releasedBytes == 0, index > 0, let base else { return }
        madvise(base + (index - Self.releasedBytes / 8), Self.releasedBytes, MADV_DONTNEED)
    }

    static func entry(_ bucket: UInt64) -> TableEntry? {
        guard bucket > removed else { return nil }
        return UnsafeMutableRawPointer(bitPattern: UInt(bucket & ((1 << addressBits) - 1))).map(TableEntry.init(base:))
    }

    /// Another allocation of the same entry.
    static func bucket(_ entry: TableEntry, hash: UInt64) -> UInt64 {
        UInt64(UInt(bitPattern: entry.base)) | (hash >> addressBits) << addressBits
    }

    subscript(index: Int) -> TableEntry? {
        base.flatMap { Self.entry($0[index]) }
    }

    /// Where the entry under `key` is.
    /// - Parameter start: buckets before are not looked at.
    @inline(__always)
    func find(_ key: UnsafeRawBufferPointer, hash: UInt64, from start: Int = 0) -> Int? {
        guard let base else { return nil }
        let mask = capacity - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        let tag = hash >> Self.addressBits
        for _ in start..<capacity {
            if index < start { index = start }
            let bucket = base[index]
            if bucket == 0 { return nil }
            if bucket >> Self.addressBits == tag, let entry = Self.entry(bucket), entry.hasKey(key) { return index }
            index = (index + 1) & mask
        }
        return nil
    }

    func expect(hash: UInt64) {
        if let base { torc_prefetch(base + (Int(truncatingIfNeeded: hash) & (capacity - 1))) }
    }

    /// Of the first few buckets the one with the hash's tag.
    func expectEntry(hash: UInt64) {
        guard let base else { return }
        let mask = capacity - 1
        let first = Int(truncatingIfNeeded: hash) & mask
        for step in 0..<4 {
            let bucket = base[(first + step) & mask]
            guard bucket >> Self.addressBits == hash >> Self.addressBits, let entry = Self.entry(bucket) else { continue }
            return entry.expect()
        }
    }

    /// Adds an entry under a key that is not there.
    mutating func add(_ entry: TableEntry, hash: UInt64) {
        guard let base else { return }
        let mask = capacity - 1
        var index = Int(truncatingIfNeeded: hash) & mask
        while base[index] > Self.removed { index = (index + 1) & mask }
        if base[index] == 0 { used += 1 }
        base[index] = Self.bucket(entry, hash: hash)
    }

    func replace(at index: Int, by entry: TableEntry, hash: UInt64) {
        base?[index] = Self.bucket(entry, hash: hash)
    }

    /// The bucket before an empty one becomes empty too, and so do the removed ones before it.
    mutating func remove(at index: Int) {
        guard let base else { return }
        let mask = capacity - 1
        base[index] = Self.removed
        guard base[(index + 1) & mask] == 0 else { return }
        var index = index
        while base[index] == Self.removed {
            base[index] = 0
            used -= 1
            index = (index - 1) & mask
        }
    }

    /// As `remove`, without a change to which buckets are empty.
    func mark(removedAt index: Int) { base?[index] = Self.removed }
}
