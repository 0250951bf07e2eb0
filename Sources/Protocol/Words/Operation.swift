/// What a client asks of one key.
package enum Operation: Equatable, Sendable {
    case get
    /// - Parameter ttlMilliseconds: the primary turns it into an absolute expiry.
    case set(value: [UInt8], ttlMilliseconds: UInt64?)
    case delete

    package var isWrite: Bool {
        switch self {
        case .get: false
        case .set, .delete: true
        }
    }
}
