import History

/// An operation of a client that is to be sent, or under way.
struct Pending {
    let key: String
    let call: KeyCall
    /// As it goes on the wire, each time it is sent.
    let bytes: [UInt8]
    /// Its number in the history; nil before it was sent.
    var operation: Int?
    /// Nanoseconds.
    var begun: UInt64 = 0
    /// An earlier sending may still take effect.
    var isUncertain = false

    var isRead: Bool { call == .get }
}
