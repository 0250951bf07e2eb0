import Protocol

/// Carries the requests of this node's clients to whoever can serve them, until the answer or the deadline.
///
/// Invariant: a write keeps its request id however often it is sent, so it takes effect at most once; a
/// client of a living node sees a delay, not an error, while its slot changes hands.
///
/// Invariant: requests of one slot, but for reads at `one`, reach each of its primaries in the order in which they
/// were submitted: while one waits to be sent, those behind it wait as well. So a client may send its next request
/// before the answer to the one before, and finds what it wrote.
///
/// After a sleep what clients sent meanwhile is read. They may have sent it again elsewhere since, and there it may
/// have been done and forgotten: a named write that is read then is taken for a retry, whatever it says.
package final class Coordinator {
    /// Well below the time for which slots remember what was done (`RequestTable`).
    private static let sleepMin = Duration.seconds(5)

    let replicator: Replicator
    private let outbox: any Outbox
    let replies: any Replies
    let origin: UInt64
    /// Under numbers that name requests here; those of one client may bear the same request id.
    var inFlight = RequestWindow<RequestInFlight>()
    /// Of their numbers, how many are reserved for what was carried out together.
    var reserved = 0
    /// Of each slot the requests that wait to be sent, and have a place in its order: those without a target.
    private(set) var stalled: [Slot: Set<UInt64>] = [:]
    /// Requests that were handed back and are tried again soon.
    private var retryAt: [UInt64: Instant] = [:]
    /// Until then what is read may have been sent long ago.
    private var doubtsUntil = Instant.zero

    /// - Parameter origin: names this start of the node in request ids: random, never used before.
    package init(replicator: Replicator, outbox: any Outbox, replies: any Replies, origin: UInt64) {
        self.replicator = replicator
        self.outbox = outbox
        self.replies = replies
        self.origin = RequestID.originOfNode(origin)
        replicator.deliver = { [unowned self] response, node in self.onResponse(response, from: node) }
        replicator.deliverGroup = { [unowned self] in onEnd(of: $0, $1) }
    }

    package var requestsInFlight: Int { inFlight.count + reserved }

    /// - Parameter slept: for how long this node did nothing at all.
    package func onTime(slept: Duration) {
        if slept >= Coordinator.sleepMin { doubtsUntil = replicator.now + replicator.settings.requestTimeout }
    }

    /// A client's request; `token` is answered once.
    /// - Parameters:
    ///   - slot: nil: that of `key`.
    ///   - request: the client's own name for a write; nil: it is given one here.
    package func submit(
        _ operation: Operation, key: [UInt8], slot: Slot? = nil, consistency: Consistency, token: UInt64,
        request: ClientRequest? = nil
    ) {
        let isInDoubt = request != nil && replicator.now < doubtsUntil
        let isRetry = operation.isWrite && (isInDoubt || request?.isRetry == true)
        guard request?.id.isOwn != true else {
            let reason = "origin 0 names what nodes do by themselves; nothing was done"
            return replies.complete(token, with: .unavailable(reason), servedBy: replicator.me.node)
        }
        let slot = slot ?? Slot(key: key)
        if case .get = operation, let outcome = readAtOnce(key, slot, consistency) {
            return replies.complete(token, with: outcome, servedBy: replicator.me.node)
        }
        if request == nil, operation.isWrite, !hasWaiting(in: slot),
            let outcome = replicator.writeAtOnce(operation, key: key, in: slot)
        {
            return replies.complete(token, with: outcome, servedBy: replicator.me.node)
        }
        guard requestsInFlight < Limits.requestsInFlightMax else {
            let reason = "this node has \(requestsInFlight) requests under way"
            // Of what an earlier sending did nothing is known here.
            let outcome: Outcome = isRetry ? .unavailable(reason + "; outcome unknown") : .busy(reason)
            return replies.complete(token, with: outcome, servedBy: replicator.me.node)
        }
        let number = inFlight.next
        let new = RequestInFlight(
            token: token, request: request?.id ?? RequestID(origin: origin, number: number),
            slot: slot, key: key, operation: operation, consistency: consistency,
            deadline: replicator.now + replicator.settings.requestTimeout, isRetry: isRetry)
        inFlight.append(new)
        dispatch(number, new)
    }

    /// What nobody has to be asked for, where no request of the slot waits to be sent before it.
    private func readAtOnce(_ key: [UInt8], _ slot: Slot, _ consistency: Consistency) -> Outcome? {
        guard consistency == .one || !hasWaiting(in: slot) else { return nil }
        return replicator.readAtOnce(key, in: slot, consistency)
    }

    func hasWaiting(in slot: Slot) -> Bool {
        replicator.reconfigured.contains(slot) || (!stalled.isEmpty && stalled[slot] != nil)
    }

    /// Sends the request, unless it has to wait, and those of its slot that waited for it.
    func dispatch(_ number: UInt64, _ request: RequestInFlight) {
        endRetry(number)
        guard !isBehindAnother(number, request) else { return stall(number, request) }
        if send(number, request), request.isInOrder { goOn(in: request.slot) }
    }

    /// Sends those of a slot that wait for nothing but those before them.
    private func goOn(in slot: Slot) {
        guard !stalled.isEmpty, let waiting = stalled[slot], !replicator.reconfigured.contains(slot) else { return }
        for next in waiting.sorted() {
            guard retryAt[next] == nil, inFlight[next].map({ send(next, $0) }) ?? true else { return }
        }
    }

    /// Whether the request has to wait for one before it, or for the end of a turn in which those before it are sent
    /// to another primary.
    private func isBehindAnother(_ number: UInt64, _ request: RequestInFlight) -> Bool {
        guard request.isInOrder, !replicator.has(.sendInAnyOrder) else { return false }
        if replicator.reconfigured.contains(request.slot) { return true }
        guard !stalled.isEmpty else { return false }
        return stalled[request.slot]?.contains { $0 < number } ?? false
    }

    private func stall(_ number: UInt64, _ request: RequestInFlight) {
        request.target = nil
        if request.isInOrder { stalled[request.slot, default: []].insert(number) }
    }

    private func endStall(_ number: UInt64, _ slot: Slot) {
        guard !stalled.isEmpty, stalled[slot]?.remove(number) != nil else { return }
        if stalled[slot]?.isEmpty == true { stalled[slot] = nil }
    }

    /// Sends the request to whom the latest known configuration names, if it can be reached; else it waits.
    private func send(_ number: UInt64, _ request: RequestInFlight) -> Bool {
        let replica = replicator.replica(request.slot)
        guard let server = server(for: request, replica) else {
            stall(number, request)
            replicator.awaitPrimary(of: request.slot)
            return false
        }
        endStall(number, request.slot)
        let epoch = replica.epoch
        let message = ForwardedRequest(
            number: number, request: request.request, slot: request.slot, epoch: epoch,
            firstEpoch: request.firstEpoch ?? epoch, isResend: request.firstEpoch != nil,
            consistency: request.consistency, key: request.key, operation: request.operation)
        request.target = server
        request.firstEpoch = message.firstEpoch
        request.openSends += 1
        request.sentEpoch = epoch
        if server == replicator.me.node {
            replicator.onLocal(message)
        } else {
            outbox.send(.request(message), to: server)
        }
        return true
    }

    private func server(for request: RequestInFlight, _ replica: Replica) -> NodeID? {
        if request.consistency == .one, !request.operation.isWrite {
            if replica.isTrusted { return replicator.me.node }
            return replica.configuration?.members.first { replicator.isReachable($0) }?.node
        }
        guard let primary = replica.primary, replicator.isReachable(primary) else { return nil }
        return primary.node
    }

    private func onResponse(_ response: ForwardedResponse, from node: NodeID) {
        let number = response.number
        guard let request = inFlight[number] else { return }
        switch response.result {
        case .outcome(.busy(let reason)) where request.openSends > 1:
            guard request.target == node else { return }
            guard request.operation.isWrite else { return retry(number) }
            // To send it once more would put it behind those after it.
            finish(number, with: .unavailable(reason + "; outcome unknown"), servedBy: node)
        case .outcome(.unavailable(let reason))
        where request.openSends > 1 && request.operation.isWrite && !reason.hasSuffix("outcome unknown"):
            finish(number, with: .unavailable(reason + "; outcome unknown"), servedBy: node)
        case .outcome(let outcome):
            finish(number, with: outcome, servedBy: node)
        case .redirect(let configuration):
            guard request.target == node else { return }
            // Nothing was done there: if it was sent nowhere else, the next sending is the first again.
            request.openSends -= 1
            if request.openSends == 0 { request.firstEpoch = nil }
            replicator.adopt(configuration, of: replicator.replica(request.slot))
            retry(number)
        case .again:
            guard request.target == node else { return }
            retry(number)
        }
    }

    private func finish(_ number: UInt64, with outcome: Outcome, servedBy node: NodeID) {
        guard let request = remove(number) else { return }
        replies.complete(request.token, with: outcome, servedBy: node)
        // What it was sent first has answered while it waited to be sent again.
        if request.target == nil { goOn(in: request.slot) }
    }

    private func endRetry(_ number: UInt64) {
        if !retryAt.isEmpty { retryAt[number] = nil }
    }

    private func remove(_ number: UInt64) -> RequestInFlight? {
        guard let request = inFlight.remove(number) else { return nil }
        endRetry(number)
        endStall(number, request.slot)
        return request
    }

    /// At once where a later configuration is known than the one it was sent under; else a little later.
    private func retry(_ number: UInt64) {
        guard let request = inFlight[number] else { return }
        let known = replicator.replica(request.slot).epoch
        if known > request.sentEpoch { return dispatch(number, request) }
        stall(number, request)
        retryAt[number] = replicator.now + .milliseconds(10)
    }

    // MARK: What may let waiting requests go on

    /// To be called at the end of each turn: configurations may have changed in it.
    package func onTurn() {
        let changed = replicator.reconfigured
        guard !changed.isEmpty else { return }
        replicator.forgetReconfigured()
        sendAgain(inFlight.numbers { changed.contains($0.slot) })
    }

    package func onSessionOpened(with node: NodeID) { sendAgain(inFlight.numbers { $0.target == nil }) }

    package func onSessionClosed(with node: NodeID) { sendAgain(inFlight.numbers { $0.target == node }) }

    /// Each once, and none before all of them are known to wait.
    private func sendAgain(_ numbers: [UInt64]) {
        for number in numbers {
            if let request = inFlight[number] { stall(number, request) }
        }
        let order = replicator.has(.sendInAnyOrder) ? numbers.reversed() : numbers
        for number in order {
            if let request = inFlight[number], request.target == nil { dispatch(number, request) }
        }
    }

    package func onTick() {
        let now = replicator.now
        for number in inFlight.numbers(where: { now >= $0.deadline || isHopeless($0) }) { giveUp(number) }
        for (number, time) in retryAt where now >= time { retryAt[number] = nil }
        sendAgain(inFlight.numbers { $0.target == nil }.filter { retryAt[$0] == nil })
    }

    /// Where a majority is lost for ever there is nothing to wait for, once a later configuration than is known
    /// here would have been heard of.
    private func isHopeless(_ request: RequestInFlight) -> Bool {
        let timeout = replicator.settings.requestTimeout
        guard request.consistency != .one, replicator.now + timeout >= request.deadline + timeout / 4 else { return false }
        return replicator.configuration(of: request.slot).map(replicator.hasLostMajority) ?? false
    }

    func giveUp(_ number: UInt64) {
        guard let request = remove(number) else { return }
        let seconds = replicator.settings.requestTimeout.wholeMicroseconds / 1_000_000
        let who = request.consistency == .all && request.operation.isWrite ? "not every member" : "no majority"
        var reason = "\(who) of slot \(request.slot) answered in \(seconds) s"
        if let absence = replicator.absence(in: request.slot) {
            reason = isHopeless(request) ? absence : "\(reason): \(absence)"
        }
        if request.operation.isWrite, request.firstEpoch != nil { reason += "; outcome unknown" }
        replies.complete(request.token, with: .unavailable(reason), servedBy: replicator.me.node)
    }
}
