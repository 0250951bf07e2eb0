import Protocol

/// The node's own record: the only part of the ring that it alone decides.
extension Membership {
    /// This node's record as it is now gossiped.
    package var ownRecord: RingRecord { peers.own }

    /// Whether this node still passes on news of itself: a node that leaves waits until it does not.
    package var isSpreadingOwnRecord: Bool { rumors.contains(PeerTable.ownNumber) }

    /// Changes this node's standing or address. A rise in status is gossiped at once; anything else needs a
    /// higher incarnation and so follows after `raiseIncarnation`.
    package func update(
        status: RingRecord.Status? = nil, address: NodeAddress? = nil, now: Instant
    ) {
        advance(to: now)
        let wanted = RingRecord(
            member: identity.wanted.member, address: address ?? identity.wanted.address,
            zone: identity.wanted.zone, weight: identity.wanted.weight,
            incarnation: identity.wanted.incarnation, status: status ?? identity.wanted.status)
        guard wanted != identity.wanted else { return }
        let isAddressNew = wanted.address != peers.own.address
        identity.wanted = wanted
        if wanted.status > peers.own.status {
            install(peers.own.with(status: wanted.status))
        }
        if isAddressNew || wanted.status < peers.own.status { raise(above: peers.own.incarnation) }
    }

    /// Takes this node's id over from a disk that is no more. The driver has made sure that nothing lives
    /// under `record`'s address with that disk.
    package func claimIdentity(over record: RingRecord, now: Instant) {
        advance(to: now)
        guard record.node == peers.own.node, record.supersedes(peers.own) else { return }
        raise(above: record.incarnation)
    }

    /// The incarnation of an earlier `raiseIncarnation` is on disk, synced.
    package func onIncarnationDurable(_ incarnation: UInt64, now: Instant) {
        advance(to: now)
        guard let raising = identity.raising, incarnation >= raising else { return }
        identity.raising = nil
        install(identity.wanted.with(status: identity.wanted.status, incarnation: incarnation))
        if identity.isRefuting {
            identity.isRefuting = false
            counters.refutations += 1
            effects.append(.selfRefuted(newIncarnation: incarnation))
        }
    }

    /// Weighs what others say of this node.
    func takeAboutSelf(_ rumor: Rumor) {
        let own = peers.own
        guard rumor.record.member.disk == own.member.disk else {
            guard rumor.record.supersedes(own) else { return }
            // Another disk bore this id, and is out of the ring for ever: it was forgotten while this one joined. Nobody
            // lives there, so the id goes on above it.
            if rumor.record.status == .gone { return raise(above: rumor.record.incarnation) }
            return reportConflict(rumor.record)
        }
        if rumor.record.status == .gone, rumor.record.supersedes(own) {
            if !identity.isForgotten { effects.append(.forgotten) }
            identity.isForgotten = true
        } else if rumor.record.incarnation > own.incarnation {
            if !identity.isOutdated { effects.append(.outdated(by: rumor.record)) }
            identity.isOutdated = true
        } else if rumor.record.incarnation == own.incarnation {
            if rumor.liveness != .alive || rumor.record.supersedes(own) { refute() }
        }
    }

    func reportConflict(_ record: RingRecord) {
        guard identity.conflict != record else { return }
        identity.conflict = record
        effects.append(.identityConflict(with: record))
    }

    private func refute() {
        // Who has left is content to be thought dead.
        guard peers.own.status != .gone, !identity.isForgotten, !identity.isOutdated,
            !identity.isRefuting
        else { return }
        identity.isRefuting = true
        health.worsen()
        raise(above: peers.own.incarnation)
    }

    private func raise(above incarnation: UInt64) {
        let (next, overflows) = incarnation.addingReportingOverflow(1)
        // Only an invented record is so high; it is not worth an answer.
        guard !overflows, next > identity.raising ?? 0 else { return }
        identity.raising = next
        effects.append(.raiseIncarnation(to: next))
    }

    private func install(_ record: RingRecord) {
        identity.wanted = identity.wanted.with(
            status: identity.wanted.status, incarnation: record.incarnation)
        peers.replaceRecord(of: PeerTable.ownNumber, by: record)
        effects.append(.recordChanged(record))
        spread(PeerTable.ownNumber)
    }
}
