import Protocol

/// What is remembered of requests: most slots have no table of them.
extension Replica {
    /// - Returns: what is not to be kept any more.
    @discardableResult
    func remember(_ request: RememberedRequest) -> [RememberedRequest] {
        guard !request.request.isOwn else { return [] }
        let table = requests ?? RequestTable()
        requests = table
        return table.remember(request)
    }

    /// The version of the last request that was forgotten.
    package var requestsForgotten: Version { requests?.forgotten ?? .zero }

    /// What is remembered here begins anew: whatever came up to `version` is forgotten.
    func forgetRequests(through version: Version) {
        requests = version == .zero ? nil : RequestTable(forgotten: version)
    }

    /// The requests that belong to a copy of what was written up to `version`.
    func requestTail(through version: Version) -> CopyTail {
        requests?.tail(through: version) ?? CopyTail(requests: [], forgotten: .zero)
    }
}
