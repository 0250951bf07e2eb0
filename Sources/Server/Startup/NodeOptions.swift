import Protocol
import Storage

/// What the command line of `torc-node` decides.
package struct NodeOptions {
    package enum StorageKind: String, CaseIterable, Sendable { case rocksdb, memory }
    /// What a signal makes the node do.
    package enum Departure: String, CaseIterable, Sendable {
        /// Hand all slots over, then exit.
        case leave
        /// Exit and keep the data, to be back soon.
        case stop
    }

    /// Nil: made once and kept in the data folder.
    package var id: String?
    package var address = "localhost:8081"
    package var join: [String] = []
    package var data: String?
    package var storage = StorageKind.rocksdb
    /// What the entries may take of memory, in bytes; 0: no limit.
    package var memoryBytes = 0
    package var replicas = 3
    package var fsync = SyncPolicy.always
    package var zone = ""
    package var weight = 1
    package var evictAfter = Duration.seconds(60)
    package var leaveTimeout = Duration.seconds(600)
    package var failoverAfter = Duration.seconds(1)
    /// Bytes a second; 0: no limit, nor one for how many slots change hands.
    package var transferRate = 16 << 20
    package var backlogBytes = Limits.backlogBytesMax
    package var logLevel = Logger.Level.info
    package var logFormat = Logger.Format.text
    package var onInt = Departure.leave
    package var onTerm = Departure.stop
    /// Redis clients are told which node leads a slot, and go there themselves.
    package var redisCluster = false
    /// Redis's DEBUG is served.
    package var debugCommand = false
    package var insecure = false
    package var showsVersion = false

    package init() {}

    package static let version = "0.1.0"

    /// Where the data is kept: one folder a node, also where several of one machine start in one place.
    func dataPath(port: UInt16) -> String { data ?? "./data/\(id ?? "node-\(port)")" }
}
