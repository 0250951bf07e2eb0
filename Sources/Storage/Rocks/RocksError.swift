import CRocksDB

/// What RocksDB said.
struct RocksError: Error {
    /// The text of our own finding that a later version made the database.
    static let unknownFamily = "unknown column family"
    /// Before what the dynamic linker says.
    static let noLibrary = "RocksDB cannot be loaded: "

    let text: String

    /// The cause alone: RocksDB puts it last, behind what it was doing with which file.
    var reason: String {
        guard text.hasPrefix("IO error"), let colon = text.lastIndex(of: ":") else { return text }
        let reason = text[text.index(after: colon)...].drop { $0 == " " }
        return reason.isEmpty ? text : String(reason)
    }

    /// Throws where the library is not there; no other function of it may be called before this has returned.
    static func checkLibrary() throws(RocksError) {
        guard let reason = torc_rocks_load() else { return }
        throw RocksError(text: noLibrary + String(cString: reason))
    }

    /// Calls a function of RocksDB that reports through its last argument.
    static func check<Result>(
        _ call: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) throws(RocksError) -> Result {
        var message: UnsafeMutablePointer<CChar>?
        let result = call(&message)
        guard let message else { return result }
        defer { rocksdb_free(message) }
        throw RocksError(text: String(cString: message))
    }
}
