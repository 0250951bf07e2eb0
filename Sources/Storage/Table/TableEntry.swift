import CXXHash
import Glibc
import Protocol

/// An entry of the table: one allocation with everything inline.
///
///     0    length of the record, 4 bytes
///     4    length of the key, 4
///     8    the key, then the record as frames and the disk have it: version, time, expiry, value
///
/// So an entry goes from the table into a frame, and from a frame or the disk into the table, as it is.
///
/// Invariants, which make the unsafe code here sound: the lengths are those of what follows and never change
/// but in `rewrite`; the record is a whole one (`TableRecord` writes no other); whoever holds the pointer may use
/// it until `free`, which the one table that holds the entry calls once.
struct TableEntry: Equatable {
    private static let headBytes = 8

    let base: UnsafeMutableRawPointer

    init(base: UnsafeMutableRawPointer) { self.base = base }

    /// A new one.
    init(key: UnsafeRawBufferPointer, record: some TableRecord) {
        let recordBytes = record.recordBytes
        base = .allocate(byteCount: Self.headBytes + key.count + recordBytes, alignment: 8)
        base.storeBytes(of: UInt32(recordBytes), as: UInt32.self)
        base.storeBytes(of: UInt32(key.count), toByteOffset: 4, as: UInt32.self)
        if let bytes = key.baseAddress { (base + Self.headBytes).copyMemory(from: bytes, byteCount: key.count) }
        record.writeRecord(to: base + Self.headBytes + key.count)
    }

    func free() { base.deallocate() }

    /// Puts another record in the place of this one, where it takes as much memory; returns whether it did.
    func rewrite(_ record: some TableRecord) -> Bool {
        let recordBytes = record.recordBytes
        let bytes = Self.headBytes + keyCount + recordBytes
        guard Self.allocated(bytes) == allocatedBytes else { return false }
        base.storeBytes(of: UInt32(recordBytes), as: UInt32.self)
        record.writeRecord(to: base + Self.headBytes + keyCount)
        return true
    }

    private var recordCount: Int { Int(base.load(as: UInt32.self)) }
    private var keyCount: Int { Int(base.load(fromByteOffset: 4, as: UInt32.self)) }

    var key: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + Self.headBytes, count: keyCount) }

    var view: EntryView {
        let keyCount = keyCount
        let record = UnsafeRawBufferPointer(start: base + Self.headBytes + keyCount, count: recordCount)
        return EntryView(
            key: UnsafeRawBufferPointer(start: base + Self.headBytes, count: keyCount), wellFormed: record)
    }

    /// What it takes of the heap.
    var allocatedBytes: Int { Self.allocated(Self.headBytes + keyCount + recordCount) }

    /// As glibc's malloc rounds it: 8 bytes of its own, multiples of 16, 32 at least.
    private static func allocated(_ bytes: Int) -> Int { max(32, (bytes + 8 + 15) & ~15) }

    func hasKey(_ other: UnsafeRawBufferPointer) -> Bool {
        keyCount == other.count && key.compared(to: other) == 0
    }

    static func hash(_ key: UnsafeRawBufferPointer, seed: UInt64) -> UInt64 {
        XXH3_64bits_withSeed(key.baseAddress, key.count, seed)
    }
}

extension UnsafeRawBufferPointer {
    /// Bytewise, a prefix first: below 0, 0 or above 0.
    func compared(to other: UnsafeRawBufferPointer) -> Int {
        let common = Swift.min(count, other.count)
        if common > 0, let left = baseAddress, let right = other.baseAddress {
            let order = memcmp(left, right, common)
            if order != 0 { return Int(order) }
        }
        return count - other.count
    }
}
