/// What one operation of the load does.
package enum Verb: UInt8, CaseIterable, Sendable {
    case get, set, del, incr, append, ping
    /// A SET of a key that is not there yet, the next one behind all others.
    case insert
    /// A GET, and when it is answered a write of the same key: on condition that it is as it was read where the protocol
    /// can say that, else a plain SET.
    case rmw
    /// Before the measuring: gives a key a value unless it has one.
    case fill

    package var name: String {
        switch self {
        case .get: "get"
        case .set: "set"
        case .del: "del"
        case .incr: "incr"
        case .append: "append"
        case .ping: "ping"
        case .insert: "insert"
        case .rmw: "rmw"
        case .fill: "fill"
        }
    }

    /// Those that a mix may name.
    package static let forMixes: [Verb] = [.get, .set, .del, .incr, .append, .ping, .insert, .rmw]

    /// Whether all that it sends writes.
    package var isWrite: Bool {
        switch self {
        case .set, .del, .incr, .append, .insert, .fill: true
        case .get, .ping, .rmw: false
        }
    }

    /// Before the digits of its key, always four bytes: numbers and values that grow are keys of their own.
    package var keyPrefix: StaticString {
        switch self {
        case .incr: "num:"
        case .append: "app:"
        case .get, .set, .del, .ping, .insert, .rmw, .fill: "key:"
        }
    }
}
