/// Why a stream ended.
package enum CloseReason: Hashable, Sendable {
    /// The peer has said that it sends no more.
    case endOfFile
    /// The connection could not be made, or it broke.
    case failed(IOError)
    /// This side closed it.
    case local
}

extension CloseReason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .endOfFile: "closed by the peer"
        case .failed(let error): error.text
        case .local: "closed here"
        }
    }
}
