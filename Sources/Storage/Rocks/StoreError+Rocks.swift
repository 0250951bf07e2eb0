import Cluster

/// One line each: what failed, where, and what to do.
extension StoreError {
    static func cannotWrite(_ error: RocksError, in path: String) -> StoreError {
        let isFull = error.text.contains("No space left") || error.text.contains("quota")
        let advice = isFull ? "free space" : "check the disk"
        return StoreError("cannot write to \(path): \(error.reason); \(advice) and start the node again")
    }

    static func cannotRead(_ error: RocksError, in path: String) -> StoreError {
        StoreError("cannot read \(path): \(error.reason); check the disk and start the node again")
    }

    static func cannotOpen(_ error: RocksError, at path: String) -> StoreError {
        if error.text == RocksError.unknownFamily {
            return StoreError("the database \(path) was made by a later torc-node: use a newer torc-node")
        }
        if error.text.contains("/LOCK: ") {
            return StoreError("the database \(path) is in use by another process")
        }
        if error.text.hasPrefix(RocksError.noLibrary) {
            return StoreError("\(error.text); install the library, or use -storage memory")
        }
        if error.text.hasPrefix("Corruption") {
            return StorageRecord.damaged(error.text, in: path)
        }
        return StoreError("cannot open \(path): \(error.reason); check the disk and start the node again")
    }

    static func newer(_ format: UInt32, at path: String) -> StoreError {
        StoreError(
            "the database \(path) has format \(format); this torc-node reads \(DiskStore.format): "
                + "use a newer torc-node")
    }

    static func older(_ format: UInt32, at path: String) -> StoreError {
        StoreError(
            "the database \(path) has format \(format); this torc-node reads \(DiskStore.format): "
                + "use the torc-node that made it, or start with an empty data folder")
    }
}
