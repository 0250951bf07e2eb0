import Protocol

/// One step of a batch.
enum RocksChange {
    case put(RocksFamily, key: [UInt8], value: [UInt8])
    case delete(RocksFamily, key: [UInt8])
    /// Every key from `from` to before `to`.
    case deleteRange(RocksFamily, from: [UInt8], to: [UInt8])
    /// Entries of a slot, all of them data.
    case putAll(Slot, EntryRun)

    var family: RocksFamily {
        switch self {
        case .put(let family, _, _), .delete(let family, _), .deleteRange(let family, _, _): family
        case .putAll: .data
        }
    }

    /// Whose data or log it changes; nil: nobody's.
    var slot: Slot? {
        switch self {
        case .put(.data, let key, _), .put(.log, let key, _): StorageKey.slot(of: key)
        case .delete(.data, let key), .delete(.log, let key): StorageKey.slot(of: key)
        case .deleteRange(.data, let key, _), .deleteRange(.log, let key, _): StorageKey.slot(of: key)
        case .putAll(let slot, _): slot
        case .put, .delete, .deleteRange: nil
        }
    }
}
