import Protocol

/// Slots of which no complete copy is left: the lost members alone had all with which their epoch began.
///
/// On an operator's word one of the copies that are left, however much of it is missing, counts as complete from then
/// on: at a position beyond everything that any node names, so that the order of the slot goes on and never back. All
/// else is as in any repair: the members that are left get themselves what that copy has, and decide together.
///
/// Invariants:
/// - it is done for a slot that lost its majority, of which this copy is not complete, and for no other;
/// - the copy counts once that is durable; the configuration that follows names it (`Repair.source`) for ever;
/// - of no request that is sent again is it believed that it was not done; what was forgotten of each client, as far
///   as this copy knows, stays so.
extension Replicator {
    func beginAnew(_ replica: Replica, at position: Version) {
        guard let configuration = replica.configuration, hasLostMajority(configuration), !replica.isHeld,
            position >= configuration.base
        else { return }
        endPull(of: replica)
        // What is only in the log may have been acknowledged.
        advanceCommit(of: replica, to: replica.log.position)
        for entry in replica.log.entries(after: replica.log.start) {
            store.removeLogEntry(entry.version, of: replica.slot)
        }
        let requests = replica.requests?.kept ?? []
        replica.log = SlotLog(at: max(position, replica.log.position, replica.floor))
        replica.forgetRequests(through: replica.log.position)
        for request in requests { forget(replica.remember(request), of: replica) }
        forgetScrub(of: replica)
        takeAsItIs(replica)
        replica.generation &+= 1
        replica.holding = .whole
        replica.heldEpoch = replica.epoch
        replica.hasGap = false
        replica.parkedAccept = nil
        replica.begunAnew = (replica.epoch, replica.log.position)
        notice(
            .warning(
                "slot \(replica.slot) begins anew with the copy here, which is not complete: \(replica.keys) keys; "
                    + "it counts as all up to \(replica.log.position)"))
        saveRecord(of: replica)
        markProgress(of: replica)
        deferHeld(replica)
        attend(replica)
    }

    /// No member is left, so nobody can contradict: not even this node was one.
    func decideAlone(_ replica: Replica, _ configuration: Configuration) {
        guard let source = replica.repairSource, source == me else { return }
        let epoch = Self.epoch(after: configuration.epoch, decidedBy: [me])
        guard epoch < Version.epochMax else { return }
        let value = Configuration(
            epoch: epoch, members: [me], base: replica.log.position,
            repair: Repair(after: configuration.epoch, lost: configuration.members, source: me))
        adopt(value, of: replica)
        spread(value, of: replica.slot)
    }
}
