import Protocol

extension Replicator {
    /// Every queue that has a limit, the fullest of its kind.
    package var bounds: [Bound] {
        let replicas = Array(configuredReplicas)
        func fullest(_ count: (Replica) -> Int) -> Int { replicas.map(count).max() ?? 0 }
        return [
            Bound(what: "copies under way", count: pulling.count, max: settings.pullsMax),
            Bound(what: "proposals under way", count: proposalsUnderWay, max: settings.proposalsMax),
            Bound(what: "slots that close", count: closingUnderWay, max: settings.closingMax),
            Bound(what: "pending writes", count: fullest(\.log.pendingCount), max: Limits.pendingWritesPerSlotMax),
            Bound(
                what: "held requests", count: fullest { $0.leadership?.held.count ?? 0 },
                max: Limits.pendingWritesPerSlotMax),
            Bound(what: "early requests", count: fullest(\.early.count), max: Limits.pendingWritesPerSlotMax),
            Bound(
                what: "request ids", count: fullest { $0.requests?.remembered.count ?? 0 },
                max: Limits.requestIDsPerSlotMax),
            Bound(
                what: "request marks", count: fullest { $0.requests?.markCount ?? 0 }, max: Limits.requestMarksPerSlotMax),
            Bound(
                what: "fetches that wait", count: waitingFetches.count, max: settings.waitingFetchesMax),
            Bound(what: "backlog bytes", count: backlog.bytes, max: settings.backlogBytesMax),
            // The counts are kept beside what they count: they must agree.
            Bound(
                what: "miscounted copies", count: abs(replicas.count { $0.pull != nil } - pulling.count), max: 0),
            Bound(
                what: "miscounted proposals",
                count: abs(replicas.count { $0.proposal != nil } - proposalsUnderWay), max: 0),
            Bound(
                what: "miscounted closings",
                count: abs(replicas.count { $0.leadership?.isClosing == true } - closingUnderWay), max: 0),
            Bound(what: "miscounted slots", count: isCensusRight ? 0 : 1, max: 0),
            Bound(
                what: "slots wrongly taken for settled",
                count: replicas.count { !census.unsettled.contains($0.slot) && !isAtRest($0) }, max: 0),
            Bound(
                what: "slots wrongly taken for this node's alone",
                count: replicas.count { census.sole.contains($0.slot) && !isSole($0) }, max: 0),
            Bound(
                what: "slots wrongly taken for steadily led",
                count: replicas.count { census.steady.contains($0.slot) && !isSteady($0) }, max: 0),
        ]
    }
}

extension Replicator {
    private var isCensusRight: Bool {
        census.counts == replicas.reduce(into: SlotCensus.Counts()) { $0 &+= $1.census }
    }
}

extension Leadership {
    fileprivate var isClosing: Bool {
        if case .closing = phase { true } else { false }
    }
}

extension Coordinator {
    package var bound: Bound {
        Bound(what: "requests in flight", count: requestsInFlight, max: Limits.requestsInFlightMax)
    }
}
