import CRocksDB

/// Changes that RocksDB gets as one. Keys and values are copied.
///
/// None of them deletes a range: RocksDB takes the hint under which records are inserted (`RocksTuning`) for ranges as well,
/// which are in another list.
final class RocksBatch {
    /// A buffer that has grown beyond this is given back.
    private static let bytesKept = 4 << 20

    private(set) var pointer = rocksdb_writebatch_create()
    /// Of keys and values.
    private var bytes = 0
    /// Handles, by the raw value of their family.
    private let families: [OpaquePointer?]

    init(families: [OpaquePointer?]) { self.families = families }

    deinit { rocksdb_writebatch_destroy(pointer) }

    func removeAll() {
        defer { bytes = 0 }
        guard bytes > Self.bytesKept else { return rocksdb_writebatch_clear(pointer) }
        rocksdb_writebatch_destroy(pointer)
        pointer = rocksdb_writebatch_create()
    }

    /// - Parameter value: nil: the record is deleted.
    func add(_ family: RocksFamily, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer?) {
        let handle = families[family.rawValue]
        bytes += key.count + (value?.count ?? 0)
        guard let value else { return rocksdb_writebatch_delete_cf(pointer, handle, key.chars, key.count) }
        rocksdb_writebatch_put_cf(pointer, handle, key.chars, key.count, value.chars, value.count)
    }

    func add(_ change: RocksChange) {
        switch change {
        case .put(let family, let key, let value):
            key.withUnsafeBytes { key in value.withUnsafeBytes { add(family, key, $0) } }
        case .delete(let family, let key): key.withUnsafeBytes { add(family, $0, nil) }
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate var chars: UnsafePointer<CChar>? { baseAddress?.assumingMemoryBound(to: CChar.self) }
}
