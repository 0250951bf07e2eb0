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

    /// Makes it a frame; returns false where it is too large for one.
    mutating func seal(sequence: UInt64, synced: UInt64, salt: UInt64) -> Bool {
        LogFrame.seal(&bytes, sequence: sequence, synced: synced, salt: salt)
    }

    // MARK: Changes

    /// - Parameter record: goes into the buffer without a value of its own.
    mutating func put(_ record: some TableRecord, key: some Collection<UInt8>, in slot: Slot) {
        append(.put)
        bytes.append(UInt8(RocksFamily.data.rawValue))
        append(UInt32(StorageKey.dataPrefixBytes + key.count))
        StorageKey.appendDataPrefix(of: slot, to: &bytes)
        bytes.append(contentsOf: key)
        let count = record.recordBytes
        append(UInt32(count))
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: count))
        bytes.withUnsafeMutableBytes { buffer in
            if let base = buffer.baseAddress { record.writeRecord(to: base + start) }
        }
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
