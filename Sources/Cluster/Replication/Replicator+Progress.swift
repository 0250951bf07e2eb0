import Protocol

/// How far a slot's table is and what it counts, on disk: with every batch that changes it, but for one case.
///
/// A node that is alone and puts a value past the log writes it some time later, within a second or two: the record would
/// be half of what such a write costs. Until then the entries say it themselves: nobody else changes the slot meanwhile, so
/// the highest version among them is the last write, and a start counts anew what the slot holds (`recount`). What takes
/// an entry away, or leaves none with its version, has its progress written at once.
///
/// So rot on a disk is not seen by the count of such a slot after a crash, as far as it came in before.
extension Replicator {
    func markProgress(of replica: Replica) {
        guard store.isPersistent, !replica.isProgressDirty else { return }
        replica.isProgressDirty = true
        dirtyProgress.append(replica)
    }

    /// - Precondition: an entry of the table has the version that the slot has come to.
    func markProgressLate(of replica: Replica) {
        guard peers.isEmpty else { return markProgress(of: replica) }
        guard store.isPersistent, !replica.isProgressDirty, !replica.isProgressLate else { return }
        replica.isProgressLate = true
        lateProgress.append(replica)
    }

    /// In every tick: a part of what is late, so that no turn has to write much.
    func writeSomeProgress() {
        guard !lateProgress.isEmpty else { return }
        writeProgress(lateProgress.count / Self.ticksToWrite + 1)
    }

    private static let ticksToWrite = 20

    /// What is late goes into the batch of this turn.
    func writeLateProgress() { writeProgress(lateProgress.count) }

    private func writeProgress(_ count: Int) {
        for replica in lateProgress.prefix(count) {
            replica.isProgressLate = false
            markProgress(of: replica)
        }
        lateProgress.removeFirst(count)
    }

    func flushProgress() {
        guard !dirtyProgress.isEmpty else { return }
        for replica in dirtyProgress {
            replica.isProgressDirty = false
            store.setMeta(.progress(replica.slot), to: replica.encodeProgress())
            hasChanges = true
        }
        dirtyProgress.removeAll(keepingCapacity: true)
    }

    /// At a start, before the log is taken up: what the process before had not written.
    func recount(_ replica: Replica) {
        guard let configuration = replica.configuration, configuration.members == [me], replica.isHeld,
            let latest = store.latestVersion(in: replica.slot), latest > replica.log.commit,
            latest.epoch <= configuration.epoch
        else { return }
        replica.log = SlotLog(at: latest)
        takeAsItIs(replica)
        markProgress(of: replica)
    }
}
