import Cluster
import Protocol

/// What a step of the layers below met; `StoreError` says it to the operator.
enum StorageFailure: Error {
    case system(FileSystem.Failure)
    case rocks(RocksError)
    /// A frame whose checksum is right and whose changes are none.
    case undecodable(DecodeError)
    /// No whole frame is where one was written.
    case damaged(file: String, offset: Int, String)
    case tooLarge

    /// - Parameters: where the two lie.
    func error(log: String, database: String) -> StoreError {
        switch self {
        case .system(let failure):
            let advice = failure.isFull ? "free space" : "check the disk"
            return StoreError("cannot write to \(log): \(failure.reason); \(advice) and start the node again")
        case .rocks(let error): return .cannotWrite(error, in: database)
        case .undecodable(let error): return StorageRecord.damaged("a batch of the log (\(error))", in: log)
        case .damaged(let file, let offset, let what):
            return StorageRecord.damaged("\(what) at byte \(offset)", in: file)
        case .tooLarge: return StoreError("a batch of more than 4 GiB cannot be written to \(log)")
        }
    }
}
