/// The column families, in the order in which they are opened. Their names are on disk: do not change them.
enum RocksFamily: Int, CaseIterable, Sendable {
    /// RocksDB demands it; unused.
    case unused = 0
    case data
    case log
    case meta

    var name: String {
        switch self {
        case .unused: "default"
        case .data: "data"
        case .log: "log"
        case .meta: "meta"
        }
    }
}
