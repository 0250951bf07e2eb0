import Protocol

/// What a compare-and-set wants to find. A value whose time is over counts as absent.
public enum TorcExpectation: Equatable, Sendable {
    case absent
    case value([UInt8])
    /// The value that this write made, as `TorcValue` or a receipt names it.
    case version(String)

    func word() throws(TorcError) -> Expectation {
        switch self {
        case .absent: return .absent
        case .value(let value): return .value(value)
        case .version(let text):
            guard let version = Version(text: text) else {
                throw TorcError(.invalidRequest, "\(text) is not a version")
            }
            return .version(version)
        }
    }
}
