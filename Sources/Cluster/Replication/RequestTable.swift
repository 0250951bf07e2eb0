import Protocol

/// The recent request ids of a slot with their answers, so that a write takes effect at most once.
///
/// An id enters with its write's log entry, leaves with it when that is undone, and is forgotten when
/// `Limits.requestIDsPerSlotMax` later ones have come.
package struct RequestTable: Sendable {
    /// Oldest first, versions ascending.
    package private(set) var remembered: [RememberedRequest] = []
    private var versions: [RequestID: Version] = [:]
    /// The version of the last id that was forgotten.
    package private(set) var forgotten: Version

    package init(forgotten: Version = .zero) { self.forgotten = forgotten }

    package func find(_ request: RequestID) -> RememberedRequest? {
        guard let version = versions[request] else { return nil }
        return remembered.last { $0.version == version }
    }

    /// Whether an id that was first sent in `epoch` and is not found may have been forgotten.
    package func mayHaveForgotten(firstEpoch epoch: Epoch) -> Bool {
        forgotten != .zero && epoch <= forgotten.epoch
    }

    /// - Returns: what had to be forgotten for it.
    @discardableResult
    package mutating func remember(_ request: RememberedRequest) -> RememberedRequest? {
        guard versions[request.request] != request.version else { return nil }
        versions[request.request] = request.version
        remembered.append(request)
        guard remembered.count > Limits.requestIDsPerSlotMax else { return nil }
        let oldest = remembered.removeFirst()
        if versions[oldest.request] == oldest.version { versions[oldest.request] = nil }
        forgotten = Swift.max(forgotten, oldest.version)
        return oldest
    }

    /// Takes back what was remembered of writes beyond `version`.
    package mutating func undo(after version: Version) {
        while let last = remembered.last, last.version > version {
            remembered.removeLast()
            versions[last.request] = nil
        }
    }

    /// What it was before anything beyond `version`, for a copy.
    package func tail(through version: Version) -> CopyTail {
        CopyTail(requests: remembered.filter { $0.version <= version }, forgotten: forgotten)
    }
}

extension LogEntry {
    /// What the request table keeps of it.
    package var remembered: RememberedRequest {
        RememberedRequest(request: request, version: version, timestamp: timestamp)
    }
}
