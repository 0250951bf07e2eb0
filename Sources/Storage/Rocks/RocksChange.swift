/// One step of a batch.
enum RocksChange {
    case put(RocksFamily, key: [UInt8], value: [UInt8])
    case delete(RocksFamily, key: [UInt8])
    /// Every key from `from` to before `to`.
    case deleteRange(RocksFamily, from: [UInt8], to: [UInt8])

    var family: RocksFamily {
        switch self {
        case .put(let family, _, _), .delete(let family, _), .deleteRange(let family, _, _): family
        }
    }

    /// The key, or where the range begins.
    var key: [UInt8] {
        switch self {
        case .put(_, let key, _), .delete(_, let key), .deleteRange(_, let key, _): key
        }
    }
}
