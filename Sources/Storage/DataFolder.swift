import Glibc
import Protocol

/// The folder of one node: who the node is, kept across starts, and where its database lies. Held by one
/// process at a time.
///
///     torc    the identity, as text (DataFolderRecord)
///     lock    locked while a node runs
///     db      the database
///     log     the log of what the database does not have yet
package final class DataFolder {
    package let path: String
    private var record: DataFolderRecord
    private var lock: Int32?

    /// Opens the folder at `path`, or creates it.
    /// - Parameters:
    ///   - node: whose folder it must be. Nil: whoever's it is; a new folder gets a random id.
    ///   - version: of this program; what a new folder says it was created by.
    package init(at path: String, node: NodeID?, version: String) throws(DataFolderError) {
        self.path = path
        do throws(FileSystem.Failure) {
            try FileSystem.makeFolder(path)
            lock = try FileSystem.lock("\(path)/lock")
        } catch {
            throw .cannotWrite(path, error)
        }
        guard let lock else {
            throw DataFolderError("data folder \(path) is in use by another torc-node")
        }
        do throws(DataFolderError) {
            if let known = try Self.read(path) {
                record = known
                // No older program is to open it any more.
                if known.wasOlder { try Self.write(known, path) }
            } else {
                record = try Self.create(path, node: node, version: version)
            }
            if let node, record.node != node {
                throw DataFolderError(
                    "data folder \(path) belongs to node \(record.node), not \(node); "
                        + "give -id \(record.node) or another -data")
            }
        } catch {
            Glibc.close(lock)
            throw error
        }
    }

    deinit { close() }

    /// Lets another process use the folder.
    package func close() {
        if let lock { Glibc.close(lock) }
        lock = nil
    }

    package var node: NodeID { record.node }
    package var disk: DiskID { record.disk }
    /// The ring that the node is of; nil until `remember`.
    package var ring: RingID? { record.ring }
    /// How often the node has started or refuted its death; 0 at first.
    package var incarnation: UInt64 { record.incarnation }
    /// The version of the program that created the folder.
    package var createdBy: String { record.createdBy }

    /// Remembers which ring the node is of, for ever, and what incarnation it has come to; durable when it
    /// returns.
    /// - Parameter incarnation: above every earlier one.
    package func remember(ring: RingID, incarnation: UInt64) throws(DataFolderError) {
        guard record.ring == nil || record.ring == ring else {
            throw DataFolderError("data folder \(path) is of another ring; give another -data")
        }
        guard incarnation > record.incarnation else {
            throw DataFolderError("data folder \(path): incarnation \(incarnation) was used before")
        }
        var next = record
        next.ring = ring
        next.incarnation = incarnation
        try save(next)
    }

    private func save(_ next: DataFolderRecord) throws(DataFolderError) {
        guard lock != nil else { throw DataFolderError("data folder \(path) is closed") }
        try Self.write(next, path)
        record = next
    }

    private static func write(_ record: DataFolderRecord, _ path: String) throws(DataFolderError) {
        do throws(FileSystem.Failure) {
            try FileSystem.replace("\(path)/torc", with: record.bytes)
        } catch {
            throw .cannotWrite(path, error)
        }
    }

    private static func create(
        _ path: String, node: NodeID?, version: String
    ) throws(DataFolderError) -> DataFolderRecord {
        // A database whose identity is lost must not become another member's.
        guard !FileSystem.exists("\(path)/db") else { throw .damaged(path, "there is no file torc") }
        let number = UInt64.random(in: 1 ... .max)
        guard let node = node ?? NodeID("node-" + String(number, radix: 36)) else {
            throw DataFolderError("data folder \(path): no id for the node; give -id")
        }
        let disk = DiskID.random()
        let record = DataFolderRecord(node: node, disk: disk, createdBy: version)
        try write(record, path)
        return record
    }

    /// Nil when there is no such file.
    private static func read(_ path: String) throws(DataFolderError) -> DataFolderRecord? {
        let bytes: [UInt8]?
        do throws(FileSystem.Failure) {
            bytes = try FileSystem.read("\(path)/torc", bytesMax: DataFolderRecord.bytesMax)
        } catch {
            throw DataFolderError("cannot read \(path)/torc: \(error.reason)")
        }
        guard let bytes else { return nil }
        do throws(DataFolderRecord.Problem) {
            return try DataFolderRecord(bytes)
        } catch {
            switch error {
            case .newerFormat(let format): throw .newer(path, format)
            case .olderFormat(let format): throw .older(path, format)
            case .damaged(let what): throw .damaged(path, "file torc: \(what)")
            }
        }
    }
}

extension DiskID {
    /// A new one.
    package static func random() -> DiskID { DiskID(rawValue: UInt64.random(in: 1 ... .max)) }
}
