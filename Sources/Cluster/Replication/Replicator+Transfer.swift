import Protocol

/// A question of sync that waits for its turn.
struct WaitingFetch {
    let fetch: Fetch
    let member: Member
    /// When the member heard of it last.
    var toldAt: Instant
}

/// Supplying others at a rate, behind the requests of clients: pieces of tables wait here, the slots with the
/// fewest copies first, and so much of them leaves in a turn as the bucket lets through, but never more than
/// `supplyBytesPerTurnMax` and a piece, and nothing to a peer that does not take what it was sent. Logs do not wait: they are short, and who asks for one lacks only that.
extension Replicator {
    /// How often a member hears that it is still to be served; well within its `pullTimeout`.
    private static let tellInterval = Duration.milliseconds(300)

    /// What a piece costs of a turn, however small: an empty slot takes its time as well.
    private static let supplyBytesMin = 32 * 1024

    func enqueue(_ fetch: Fetch, from member: Member) {
        waitingFetches.removeAll { $0.member == member && $0.fetch.slot == fetch.slot }
        guard waitingFetches.count < settings.waitingFetchesMax else {
            return supply(.refused, of: replica(fetch.slot), epoch: fetch.epoch, number: fetch.number, to: member)
        }
        waitingFetches.append(WaitingFetch(fetch: fetch, member: member, toldAt: now))
    }

    /// Once a turn.
    func supplyWaiting() {
        var sent = 0
        while sent < settings.supplyBytesPerTurnMax, let index = indexOfMostUrgentFetch(), transfer.isOpen(now: now) {
            let next = waitingFetches.remove(at: index)
            let before = syncCounters.bytesSent
            serve(next.fetch, from: next.member)
            let bytes = Int(clamping: syncCounters.bytesSent &- before)
            transfer.take(bytes)
            sent += max(bytes, Self.supplyBytesMin)
        }
    }

    /// Who waits for long is not to think that nobody answers, and must find the log that it will need.
    func tellWaiting() {
        for index in waitingFetches.indices where now.since(waitingFetches[index].toldAt) >= Self.tellInterval {
            let waiting = waitingFetches[index]
            waitingFetches[index].toldAt = now
            let replica = replica(waiting.fetch.slot)
            replica.pinnedUntil = max(replica.pinnedUntil, now + Self.pin)
            supply(
                .later, of: replica, epoch: waiting.fetch.epoch, number: waiting.fetch.number,
                to: waiting.member)
        }
    }

    func forgetFetches(of node: NodeID) { waitingFetches.removeAll { $0.member.node == node } }

    private func indexOfMostUrgentFetch() -> Int? {
        var best: Int?
        var fewest = Int.max
        for index in waitingFetches.indices {
            guard outbox.unsentBytes(to: waitingFetches[index].member.node) < settings.supplyUnsentBytesMax else { continue }
            let copies = completeCopies(of: replica(waitingFetches[index].fetch.slot))
            if copies < fewest { (best, fewest) = (index, copies) }
        }
        return best
    }

    /// As far as this node knows: of its own slots it knows who is complete.
    private func completeCopies(of replica: Replica) -> Int {
        guard let leadership = replica.leadership else { return livingCopies(of: replica) }
        return 1 + leadership.flows.count { $0.isDeclared && replica.isMember($0.member) && isAlive($0.member) }
    }

    /// Members but for this node that are there.
    func livingCopies(of replica: Replica) -> Int {
        replica.configuration?.members.count { $0 != me && isAlive($0) } ?? 0
    }
}
