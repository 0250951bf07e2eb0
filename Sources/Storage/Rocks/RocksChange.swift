/// One step of a batch.
enum RocksChange {
    case put(RocksFamily, key: [UInt8], value: [UInt8])
    case delete(RocksFamily, key: [UInt8])
}
