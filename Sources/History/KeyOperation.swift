import Cluster

/// One operation of a client on one key, as the checker sees it.
package struct KeyOperation: Sendable {
    package let id: Int
    package let client: Int
    package let call: KeyCall
    /// nil, together with `end`: it may take effect at any time after `begin`, or never.
    package internal(set) var result: KeyResult?
    // Ticks of a counter that every beginning and every end moves on: the order that counts.
    package let begin: UInt64
    package internal(set) var end: UInt64?
    // True times, for expiry only.
    package let beginTime: Instant
    package internal(set) var endTime: Instant?
    /// Of a set with a ttl.
    package internal(set) var window: ExpiryWindow?

    var isOpen: Bool { end == nil }
    var isOverwrite: Bool { call.isOverwrite }
    var isAppend: Bool { if case .append = call { true } else { false } }

    /// It never changes anything. It can be placed as soon as its answer fits: whoever places it later can
    /// move it there, and no other operation sees a difference.
    var isPure: Bool {
        if case .get = call { return true }
        if case .conflict = result { return true }
        return false
    }

    /// Of two open operations with the same call, either can stand for the other wherever both have begun,
    /// so that the one that began first may always be taken first.
    func isTwin(of other: KeyOperation) -> Bool {
        isOpen && other.isOpen && window == nil && other.window == nil && call == other.call
    }

    mutating func finish(_ result: KeyResult, at tick: UInt64, time: Instant, skew: Duration) {
        precondition(result.isPossible(for: call), "\(result) is no answer to \(call)")
        precondition(end == nil && tick > begin && time >= beginTime)
        self.result = result
        end = tick
        endTime = time
        if case .set(_, let ttl?) = call {
            window = ExpiryWindow(ttl: ttl, begin: beginTime, end: time, skew: skew)
        }
        if case .doneExpiring(let told) = result { window = told }
    }

    /// As it looked before its end: the history is cut there.
    func reopened() -> KeyOperation {
        var open = self
        open.result = nil
        open.end = nil
        open.endTime = nil
        return open
    }
}

extension KeyOperation {
    init(id: Int, client: Int, call: KeyCall, begin: UInt64, beginTime: Instant, skew: Duration) {
        self.init(
            id: id, client: client, call: call, result: nil, begin: begin, end: nil, beginTime: beginTime,
            endTime: nil, window: nil)
        if case .set(_, let ttl?) = call {
            window = ExpiryWindow(ttl: ttl, begin: beginTime, end: nil, skew: skew)
        }
    }
}
