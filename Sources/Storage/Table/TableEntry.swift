import CProcessor
import CXXHash
import Glibc
import Protocol

/// An entry of the table: one allocation with everything inline but a large value, which it shares with others.
///
///     0    length of the record, 4 bytes; 0: the key was removed, and the home may have it yet
///     4    length of the key, 2
///     6    flags, 1: whether it was looked at lately, whether its value is a large one
///     7    the batch that changed it last, 5
///     12   the key, then the record as frames and the disk have it: version, time, expiry, digest, value
///          of a large one, in place of the value: its `Content`, at a multiple of 8
///
/// So an entry goes from the table into a frame, and from a frame or the disk into the table, as it is.
///
/// Invariants, which make the unsafe code here sound: the lengths are those of what follows and never change
/// but in `rewrite`; the record is a whole one (`TableRecord` writes no other) or has no bytes; the `Content` is there from `init`
/// to `free`; whoever holds the pointer may use it until `free`, which the one table that holds the entry calls once.
struct TableEntry: Equatable {
    private static let headBytes = 12
    private static let recencyShift: UInt64 = 16
    private static let largeFlag: UInt64 = 1 << 17
    private static let changedShift: UInt64 = 24

    let base: UnsafeMutableRawPointer

    init(base: UnsafeMutableRawPointer) { self.base = base }

    /// A new one.
    /// - Parameter changed: the batch that brings it.
    init(key: UnsafeRawBufferPointer, record: some TableRecord, changed: UInt64) {
        precondition(key.count <= UInt16.max)
        let recordBytes = record.recordBytes
        if let large = record.largeRecord {
            base = Self.allocate(large, behind: key.count)
        } else {
            base = .allocate(byteCount: Self.headBytes + key.count + recordBytes, alignment: 8)
            record.writeRecord(to: base + Self.headBytes + key.count)
        }
        base.storeBytes(of: UInt32(recordBytes), as: UInt32.self)
        word = UInt64(key.count) | (record.isLarge ? Self.largeFlag : 0) | changed << Self.changedShift
        if let bytes = key.baseAddress { (base + Self.headBytes).copyMemory(from: bytes, byteCount: key.count) }
    }

    /// Memory with what comes behind the key.
    private static func allocate(_ record: LargeRecord, behind keyCount: Int) -> UnsafeMutableRawPointer {
        if record.content.bytes.count >= LargeValueMemory.valueBytesMin { _ = LargeValueMemory.isSet }
        let valueStart = valueStart(keyCount, record.headBytes)
        let base = UnsafeMutableRawPointer.allocate(byteCount: valueStart + MemoryLayout<Content>.size, alignment: 8)
        record.writeHead(to: base + headBytes + keyCount)
        (base + valueStart).initializeMemory(as: Content.self, to: record.content)
        return base
    }

    /// Where a large value's content is.
    private static func valueStart(_ keyCount: Int, _ recordHead: Int) -> Int { (headBytes + keyCount + recordHead + 7) & ~7 }

    /// Has it fetched from memory: of a large one the beginning.
    func expect() { for line in 0..<3 { torc_prefetch(base + line * 64) } }

    func free() {
        if isLarge { largeValue.deinitialize(count: 1) }
        base.deallocate()
    }

    /// Puts another record in the place of this one, where it takes as much memory; returns whether it did.
    func rewrite(_ record: some TableRecord, changed: UInt64) -> Bool {
        let recordBytes = record.recordBytes
        let bytes = Self.headBytes + keyCount + recordBytes
        guard !isLarge, !record.isLarge, Self.allocated(bytes) == allocatedBytes else { return false }
        base.storeBytes(of: UInt32(recordBytes), as: UInt32.self)
        word = UInt64(keyCount) | changed << Self.changedShift
        record.writeRecord(to: base + Self.headBytes + keyCount)
        return true
    }

    /// Length of the key, recency and batch.
    private var word: UInt64 {
        get { base.loadUnaligned(fromByteOffset: 4, as: UInt64.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: 4, as: UInt64.self) }
    }

    private var recordCount: Int { Int(base.load(as: UInt32.self)) }
    private var keyCount: Int { Int(word & 0xFFFF) }

    private var isLarge: Bool { word & Self.largeFlag != 0 }

    /// - Precondition: it is a large one.
    private var recordHead: UnsafeRawBufferPointer {
        let start = base + Self.headBytes + keyCount
        return UnsafeRawBufferPointer(start: start, count: EntryHead(ofRecord: start).bytes)
    }

    /// - Precondition: it is a large one.
    private var largeValue: UnsafeMutablePointer<Content> {
        (base + Self.valueStart(keyCount, recordHead.count)).assumingMemoryBound(to: Content.self)
    }

    /// The key was removed; there is no `view`.
    var isRemoval: Bool { recordCount == 0 }

    /// Whether it was looked at since this was last made false.
    var isRecent: Bool {
        get { (word >> Self.recencyShift) & 1 == 1 }
        nonmutating set {
            if newValue != isRecent { word ^= 1 << Self.recencyShift }
        }
    }

    /// Whether the home has it, where it has all batches up to `home`. Batches are compared by 40 bits: they are less
    /// than half of that apart for longer than a program is used.
    func isAtHome(_ home: UInt64) -> Bool {
        Int64(bitPattern: (home << Self.changedShift) &- ((word >> Self.changedShift) << Self.changedShift)) >= 0
    }

    var key: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + Self.headBytes, count: keyCount) }

    /// - Precondition: no removal.
    @inline(__always)
    var view: EntryView {
        let keyCount = keyCount
        let key = UnsafeRawBufferPointer(start: base + Self.headBytes, count: keyCount)
        if isLarge { return largeView }
        let record = UnsafeRawBufferPointer(start: base + Self.headBytes + keyCount, count: recordCount)
        return EntryView(key: key, wellFormed: record)
    }

    @inline(never)
    private var largeView: EntryView { EntryView(key: key, head: recordHead, value: largeValue) }

    var expiry: Timestamp? { isRemoval ? nil : view.expiry }

    /// What it takes of the heap; a value that others have too counts here.
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
