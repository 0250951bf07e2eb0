import Cluster
import Protocol

/// The open batch, in the form in which the log gets it: room for the frame's head, then the changes.
struct LogBatch {
    private(set) var bytes = [UInt8](repeating: 0, count: LogFrame.headBytes)
    /// A buffer that has grown beyond this is given back.
    private static let bytesKept = 4 << 20

    var isEmpty: Bool { bytes.count == LogFrame.headBytes }

    mutating func removeAll() {
        guard bytes.capacity <= Self.bytesKept else { return self = LogBatch() }
        bytes.removeSubrange(LogFrame.headBytes...)
    }

    /// Whether it is not too large for a frame.
    var isFrame: Bool { UInt32(exactly: bytes.count - LogFrame.headBytes) != nil }

    /// Makes it a frame, which it must be able to be.
    mutating func seal(sequence: UInt64, synced: UInt64, salt: UInt64) {
        LogFrame.seal(&bytes, sequence: sequence, synced: synced, salt: salt)
    }

    // MARK: Changes

    /// - Parameter record: goes into the buffer without a value of its own.
    mutating func put(_ record: some TableRecord, key: UnsafeRawBufferPointer, in slot: Slot) {
        let keyBytes = StorageKey.dataPrefixBytes + key.count
        let recordBytes = record.recordBytes
        let count = 2 + 4 + keyBytes + 4 + recordBytes
        bytes.append(upTo: count) { start in
            let start = UnsafeMutableRawPointer(start)
            start.storeBytes(of: LogChange.Tag.put.rawValue, as: UInt8.self)
            start.storeBytes(of: UInt8(RocksFamily.data.rawValue), toByteOffset: 1, as: UInt8.self)
            start.storeBytes(of: UInt32(keyBytes).littleEndian, toByteOffset: 2, as: UInt32.self)
            StorageKey.writeDataPrefix(of: slot, to: start + 6)
            if let base = key.baseAddress {
                (start + 6 + StorageKey.dataPrefixBytes).copyMemory(from: base, byteCount: key.count)
            }
            start.storeBytes(of: UInt32(recordBytes).littleEndian, toByteOffset: 6 + keyBytes, as: UInt32.self)
            record.writeRecord(to: start + 10 + keyBytes)
            return count
        }
    }

    mutating func put(_ record: some TableRecord, key: [UInt8], in slot: Slot) {
        key.withUnsafeBytes { put(record, key: $0, in: slot) }
    }

    mutating func put(_ family: RocksFamily, key: [UInt8], value: [UInt8]) {
        append(.put)
        bytes.append(UInt8(family.rawValue))
        append(key)
        append(value)
    }

    mutating func delete(_ family: RocksFamily, key: [UInt8]) {
        append(.delete)
        bytes.append(UInt8(family.rawValue))
        append(key)
    }

    mutating func putAll(_ run: EntryRun, in slot: Slot) {
        append(.putAll)
        append(slot.rawValue)
        append(UInt32(run.count))
        bytes.append(contentsOf: run.bytes)
    }

    mutating func clear(_ slot: Slot) {
        append(.clear)
        append(slot.rawValue)
    }

    private mutating func append(_ tag: LogChange.Tag) { bytes.append(tag.rawValue) }

    private mutating func append(_ value: [UInt8]) {
        append(UInt32(value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
