import Protocol

/// Sync, at the node that supplies another.
extension Replicator {
    /// Long enough for a receiver to come back for the log that was written while it copied.
    static let pin = Duration.seconds(5)

    func onFetch(_ fetch: Fetch, from member: Member) {
        if case .log = fetch.want { serve(fetch, from: member) } else { enqueue(fetch, from: member) }
    }

    func serve(_ fetch: Fetch, from member: Member) {
        let replica = replica(fetch.slot)
        guard replica.epoch == fetch.epoch, replica.isHeld else {
            reconcile(replica, epoch: fetch.epoch, with: member.node)
            return supply(.refused, of: replica, epoch: fetch.epoch, number: fetch.number, to: member)
        }
        if replica.isUnsound, !fetch.want.isLog {
            return supply(.refused, of: replica, number: fetch.number, to: member)
        }
        switch fetch.want {
        case .log(let heldEpoch, let position):
            supplyLog(of: replica, heldEpoch: heldEpoch, position: position, number: fetch.number, to: member)
        case .copy(let after):
            supplyChunk(of: replica, after: after, number: fetch.number, to: member)
        case .compare(let range, let digest):
            supplyComparison(of: replica, range, digest: digest, number: fetch.number, to: member)
        case .difference(let range, let names):
            supplyDifference(of: replica, range, names: names, number: fetch.number, to: member)
        }
    }

    func supply(
        _ content: Supply.Content, of replica: Replica, epoch: Epoch? = nil, number: UInt64, to member: Member
    ) {
        let supply = Supply(
            slot: replica.slot, epoch: epoch ?? replica.epoch, number: number, content: content)
        send(.supply(supply), to: member.node)
    }

    private func supplyLog(
        of replica: Replica, heldEpoch: Epoch, position: Version, number: UInt64, to member: Member
    ) {
        var start = position
        if heldEpoch < replica.epoch {
            // What the receiver has beyond the next epoch's base never happened.
            guard let base = replica.bases.next(after: heldEpoch)?.base else {
                return supply(.copyNeeded, of: replica, number: number, to: member)
            }
            start = min(position, base)
        }
        guard heldEpoch <= replica.epoch, start <= replica.log.position else {
            return supply(.refused, of: replica, number: number, to: member)
        }
        guard replica.log.reaches(start) else { return supply(.copyNeeded, of: replica, number: number, to: member) }
        let rest = replica.log.entries(after: start)
        let piece = Self.piece(of: rest, bytesMax: settings.appendBytesMax)
        let isLast = piece.count == rest.count
        supply(
            .log(
                previous: start, entries: Array(piece), commit: replica.log.commit,
                digest: isLast ? replica.tally.digest : nil),
            of: replica, number: number, to: member)
        guard isLast, let leadership = replica.leadership, let flow = leadership.flow(to: member)
        else { return }
        // From here on it follows the stream.
        flow.sent = replica.log.position
        flow.commitSent = replica.log.commit
    }

    private func supplyChunk(of replica: Replica, after: [UInt8]?, number: UInt64, to member: Member) {
        do {
            let (run, isLast) = try store.run(of: replica.slot, after: after, bytesMax: settings.chunkBytesMax)
            replica.pinnedUntil = now + Self.pin
            let applied = replica.log.commit
            syncCounters.entriesSent += UInt64(run.count)
            syncCounters.bytesSent += UInt64(run.payloadBytes)
            supply(
                .chunk(
                    entries: run, through: isLast ? nil : run.lastKey, applied: applied,
                    tail: isLast ? replica.requestTail(through: applied) : nil),
                of: replica, number: number, to: member)
        } catch {
            fail(error)
            supply(.refused, of: replica, number: number, to: member)
        }
    }
}
