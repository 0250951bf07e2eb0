import History
import Protocol

/// An operation of a client that is to be sent, or under way.
struct Pending {
    let key: String
    let call: KeyCall
    /// By which the ring knows a write again; nil: it is sent once.
    let name: RequestName?
    /// Its number in the history; nil before it was sent.
    var operation: Int?
    /// Nanoseconds.
    var begun: UInt64 = 0
    /// An earlier sending may have taken effect, or still do so.
    var isUncertain = false

    init(key: String, call: KeyCall, name: RequestName? = nil) {
        self.key = key
        self.call = call
        self.name = name
    }

    var isRead: Bool { call == .get }

    /// As it goes on the wire this time.
    var bytes: [UInt8] {
        Wire.request(
            call, key: key,
            name: name.map { RequestName(client: $0.client, sequence: $0.sequence, isRetry: isUncertain) })
    }
}
