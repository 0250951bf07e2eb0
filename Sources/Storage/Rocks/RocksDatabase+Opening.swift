import Cluster
import Protocol

extension RocksDatabase {
    private static let freeBytesMin: UInt64 = 4 << 20

    /// Opens or creates the database at `path`, unless it is lost or was made by a later version.
    static func open(
        at path: String, mustExist: Bool, tuning: RocksTuning
    ) throws(StoreError) -> RocksDatabase {
        // RocksDB writes to several files at opening, and ends the process when it cannot (RocksTuning).
        let parent = FileSystem.folder(of: path)
        if let free = FileSystem.freeBytes(parent), free < freeBytesMin {
            throw StoreError(
                "cannot open \(path): less than \(freeBytesMin >> 20) MiB are free there; "
                    + "free space and start the node again")
        }
        do throws(RocksError) {
            if !FileSystem.exists("\(path)/CURRENT") {
                guard !mustExist, !holdsData(path) else {
                    throw RocksError(text: "Corruption: the database or its file CURRENT is missing")
                }
            } else if try hasUnknownFamily(path) {
                throw RocksError(text: RocksError.unknownFamily)
            }
            try bringHome(path, tuning)
            return try RocksDatabase(path: path, tuning: tuning)
        } catch {
            throw .cannotOpen(error, at: path)
        }
    }

    /// What is in RocksDB's own log, which opening does again, goes to table files first: a folder of format 3 may have ranges
    /// to delete there (`RocksTuning.hasHint`).
    private static func bringHome(_ path: String, _ tuning: RocksTuning) throws(RocksError) {
        let logs = FileSystem.names(in: path).filter { $0.hasSuffix(".log") }
        guard logs.contains(where: { FileSystem.size("\(path)/\($0)") != 0 }) else { return }
        var tuning = tuning
        tuning.hasHint = false
        let database = try RocksDatabase(path: path, tuning: tuning)
        defer { database.close() }
        try database.flush()
    }

    private static func hasUnknownFamily(_ path: String) throws(RocksError) -> Bool {
        let known = RocksFamily.allCases.map(\.name)
        return try familyNames(at: path).contains { !known.contains($0) }
    }

    /// RocksDB would make a new database over what is left of one without CURRENT.
    private static func holdsData(_ path: String) -> Bool {
        FileSystem.names(in: path).contains { $0.hasSuffix(".sst") || $0.hasSuffix(".log") }
    }

    /// Refuses the format of another version, but for those that this one reads too; marks a new database with this one's.
    /// - Returns: its format; an earlier one is to be marked once there is a log.
    func checkFormat() throws(StoreError) -> UInt32 {
        let known: [UInt8]?
        do throws(RocksError) {
            known = try get(.meta, key: StorageKey.format)
            if known == nil { try markFormat() }
        } catch {
            throw .cannotOpen(error, at: path)
        }
        guard let known else { return DiskStore.format }
        var reader = ByteReader(known)
        guard let format = try? reader.readUInt32(), format > 0 else {
            throw StorageRecord.damaged("the format", in: path)
        }
        guard format <= DiskStore.format else { throw .newer(format, at: path) }
        guard format >= DiskStore.oldestFormat else { throw .older(format, at: path) }
        return format
    }

    func markFormat() throws(RocksError) {
        var writer = ByteWriter()
        writer.write(DiskStore.format)
        try write([.put(.meta, key: StorageKey.format, value: writer.bytes)])
        try sync()
    }
}
