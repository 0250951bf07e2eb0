import CProcessor
import Protocol

/// The recent request ids of a slot with their answers, so that a write takes effect at most once.
///
/// An id enters with its write's log entry and leaves with it when that is undone. It is forgotten when it is
/// not among the latest `Limits.requestIDsPerSlotMin` and older than any coordinator goes on trying, or when
/// there are more than `Limits.requestIDsPerSlotMax`: by the entries alone, so that all members forget alike.
///
/// Of the clients whose ids were forgotten last the highest of them is kept, their *mark*: a client numbers its writes
/// upwards, so whatever comes at or below its mark may have been done, also where it says that it was never sent before.
package final class RequestTable {
    /// A coordinator gives a request up after two seconds.
    private static let age: UInt64 = 10_000

    /// Oldest first from `head` on, versions ascending.
    private var requests: [RememberedRequest] = []
    private var head = 0
    /// Of each origin that is in `requests` at least the highest of its numbers, so that what is new is seen to be that
    /// without a search.
    private var highest = OriginNumbers()
    /// Of those in `requests` up to `indexed`; made only where somebody asks for what may be there.
    private var byID: [RequestID: RememberedRequest] = [:]
    private var indexed = Version.zero
    /// By client; at most `Limits.requestMarksPerSlotMax`.
    private var marks: [UInt64: RememberedRequest] = [:]
    /// The version of the last id that was forgotten.
    package private(set) var forgotten: Version

    package init(forgotten: Version = .zero) { self.forgotten = forgotten }

    /// Oldest first.
    package var remembered: ArraySlice<RememberedRequest> { requests[head...] }

    package var markCount: Int { marks.count }

    /// All that is to be found again after a restart: marks and what is remembered, versions ascending.
    package var kept: [RememberedRequest] { marks.values.sorted { $0.version < $1.version } + remembered }

    /// Whether one that was remembered is one of those still.
    package func keeps(_ request: RequestID, of version: Version) -> Bool {
        !request.isOwn && (version > forgotten || marks[request.origin]?.version == version)
    }

    package func find(_ request: RequestID) -> RememberedRequest? {
        guard highest.mayReach(request) else { return nil }
        index()
        return byID[request]
    }

    private func index() {
        guard let last = requests.last, last.version > indexed else { return }
        var first = requests.count
        while first > head, requests[first - 1].version > indexed { first -= 1 }
        for request in requests[first...] { byID[request.request] = request }
        indexed = last.version
    }

    /// Whether an id that was first sent in `epoch` and is not found may have been forgotten.
    package func mayHaveForgotten(firstEpoch epoch: Epoch) -> Bool {
        forgotten != .zero && epoch <= forgotten.epoch
    }

    /// Whether a write of that client with this number, or a higher one, was forgotten.
    package func isBelowMark(_ request: RequestID) -> Bool {
        request.isNamed && marks[request.origin].map { request.number <= $0.request.number } ?? false
    }

    /// - Parameter request: where it was forgotten already, as a copy or a disk has it, it is a mark.
    /// - Returns: what is not to be kept any more.
    @discardableResult
    package func remember(_ request: RememberedRequest) -> [RememberedRequest] {
        guard !request.request.isOwn else { return [] }
        guard request.version > forgotten else { return mark(request) }
        if let last = requests.last, last.version >= request.version { return [] }
        highest.note(request.request)
        requests.append(request)
        var dropped: [RememberedRequest] = []
        while mustForget(at: request.timestamp) { dropped += forgetOldest() }
        return dropped
    }

    private func mustForget(at now: Timestamp) -> Bool {
        let count = requests.count - head
        guard count > Limits.requestIDsPerSlotMin else { return false }
        let (expiry, overflow) = requests[head].timestamp.milliseconds.addingReportingOverflow(Self.age)
        return count > Limits.requestIDsPerSlotMax || (!overflow && expiry < now.milliseconds)
    }

    private func forgetOldest() -> [RememberedRequest] {
        let oldest = requests[head]
        head += 1
        if head * 2 > requests.count {
            requests.removeFirst(head)
            head = 0
        }
        if !byID.isEmpty, byID[oldest.request]?.version == oldest.version { byID[oldest.request] = nil }
        forgotten = Swift.max(forgotten, oldest.version)
        return mark(oldest)
    }

    private func mark(_ request: RememberedRequest) -> [RememberedRequest] {
        let client = request.request.origin
        guard request.request.isNamed, marks[client].map({ $0.request.number < request.request.number }) ?? true else {
            return [request]
        }
        if let old = marks.updateValue(request, forKey: client) { return [old] }
        guard marks.count > Limits.requestMarksPerSlotMax,
            let oldest = marks.values.min(by: { $0.version < $1.version })
        else { return [] }
        marks[oldest.request.origin] = nil
        return [oldest]
    }

    // MARK: Fetching from memory, each step after the one before (`Replicator.forEachAhead`)

    @inline(__always)
    func expect() {
        torc_prefetch(address(of: requests))
        highest.expect()
    }

    @inline(__always)
    func expectEnd() { requests.expectElement(at: requests.count - 1) }

    /// Takes back what was remembered of writes beyond `version`.
    package func undo(after version: Version) {
        while requests.count > head, let last = requests.last, last.version > version {
            requests.removeLast()
            if byID[last.request]?.version == last.version { byID[last.request] = nil }
        }
        indexed = Swift.min(indexed, version)
        marks = marks.filter { $0.value.version <= version }
    }

    /// What it was before anything beyond `version`, for a copy.
    package func tail(through version: Version) -> CopyTail {
        CopyTail(requests: kept.filter { $0.version <= version }, forgotten: forgotten)
    }
}

extension LogEntry {
    /// What the request table keeps of it.
    package var remembered: RememberedRequest {
        RememberedRequest(request: request, version: version, timestamp: timestamp, answer: answer)
    }
}
