/// One step of a batch.
enum RocksChange {
    case put(RocksFamily, key: [UInt8], value: [UInt8])
    case delete(RocksFamily, key: [UInt8])
    /// Every key from `from` to before `to`.
    case deleteRange(RocksFamily, from: [UInt8], to: [UInt8])
}
