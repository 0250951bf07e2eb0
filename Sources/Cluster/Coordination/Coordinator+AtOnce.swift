import Protocol

/// Requests of one client that are carried out one behind the other in one step, without an object for each.
extension Coordinator {
    /// Carries requests out, one behind the other, as long as nobody has to be asked or waited for.
    /// - Parameter answer: is told what each came to; returns whether it takes more.
    /// - Returns: how many were carried out.
    package func carryOutAtOnce(_ requests: UnsafeBufferPointer<RequestView>, _ answer: (AnswerView) -> Bool) -> Int {
        // What is carried out here makes nothing wait.
        let mayWait = !stalled.isEmpty || !replicator.reconfigured.isEmpty
        for (index, request) in requests.enumerated() {
            if mayWait, request.consistency != .one || request.isWrite, hasWaiting(in: request.slot) { return index }
            guard let takesMore = replicator.carryOutAtOnce(request, answer) else { return index }
            guard takesMore else { return index + 1 }
        }
        return requests.count
    }

    /// Carries out GETs that this node's slots are asked for at a higher level than `one`, one behind the other, as long
    /// as nothing has to be awaited but that a majority confirms that this node still leads. For each either an outcome
    /// comes in the end (`Replies.complete`), or the word that what `answer` was told holds (`Replies.confirm`).
    ///
    /// Their numbers are reserved: where they become requests after all, they have their places in the order.
    /// - Parameters:
    ///   - token: of the first; those of the others follow.
    ///   - answer: is told what each found; returns whether it takes more.
    /// - Returns: how many were carried out.
    package func readTogether(
        _ requests: UnsafeBufferPointer<RequestView>, token: UInt64, _ answer: (AnswerView) -> Bool
    ) -> Int {
        guard let first = requests.first, replicator.replica(first.slot).leadership != nil else { return 0 }
        let group = replicator.makeReadGroup(token: token)
        for request in requests {
            guard requestsInFlight + group.count < Limits.requestsInFlightMax, !hasWaiting(in: request.slot),
                replicator.read(request, in: group, answer) == true
            else { break }
        }
        guard group.count > 0 else { return 0 }
        group.number = inFlight.reserve(group.count)
        reserved += group.count
        replicator.readGroups.append(group)
        return group.count
    }

    func onEnd(of group: ReadGroup, _ end: ReadGroup.End) {
        reserved -= group.count
        guard end != .confirmed else { return replies.confirm(group.token) }
        makeRequests(of: group)
        for number in group.number..<group.number + UInt64(group.count) {
            if end == .expired { giveUp(number) } else if let request = inFlight[number] { dispatch(number, request) }
        }
    }

    private func makeRequests(of group: ReadGroup) {
        for (index, item) in group.items.enumerated() {
            let number = group.number + UInt64(index)
            let request = RequestInFlight(
                token: group.token + UInt64(index), request: RequestID(origin: origin, number: number),
                slot: item.replica.slot, key: group.key(index), operation: .get, consistency: .quorum,
                deadline: group.since + replicator.settings.requestTimeout, isRetry: false)
            inFlight.fill(number, with: request)
        }
    }
}
