import Protocol

/// A slot whose copies add up to different things, and no majority to the same: nobody can tell which is right.
///
/// Invariant: from when its primary knows that until a majority has the same digest again, it takes no write and answers
/// no read at `quorum` or `all`; both are refused at once, with the reason. Its log goes on to be followed. A member
/// that was told of another digest than its own remembers that, over a restart as well, so that a primary that takes
/// over stops as well.
///
/// What settles it: a member that finds by counting anew that it is the wrong one, and is mended; one that was away and
/// comes back; or an operator, who says whose copy is taken (`takeCopy`).
extension Replicator {
    func dispute(_ replica: Replica, _ votes: DigestVotes) {
        hurryScrub(of: replica)
        replica.nextVouchAt = min(replica.nextVouchAt, now + settings.pullTimeout)
        guard !replica.isDisputed else { return }
        mark(replica, isDisputed: true)
        notice(.contradiction(stopWords(replica)))
        if let leadership = replica.leadership { takeUpAgain(replica, leadership) }
    }

    /// A majority has the same digest as the primary.
    func settle(_ replica: Replica) {
        guard replica.isDisputed else { return }
        mark(replica, isDisputed: false)
        notice(.warning("slot \(replica.slot) goes on: a majority of its copies has the same digest again"))
        if let leadership = replica.leadership { takeUpHeld(of: leadership) }
    }

    /// Why the slot serves nothing, in words for an operator; nil: it serves.
    func stopReason(_ replica: Replica) -> String? {
        guard replica.isUnsound || replica.isDisputed else { return nil }
        return replica.isUnsound ? unsoundWords(replica) : stopWords(replica)
    }

    private func unsoundWords(_ replica: Replica) -> String {
        "slot \(replica.slot) is stopped: the copy at its primary \(me.node) holds what was not written so, and waits to be "
            + "mended from another member; see STATUS"
    }

    private func stopWords(_ replica: Replica) -> String {
        "slot \(replica.slot) is stopped: its copies differ, and no digest has a majority "
            + "(\(votesWords(replica))); see REPAIR"
    }

    /// Who has which digest, as far as the primary knows.
    func votesWords(_ replica: Replica) -> String {
        let own = "digest \(replica.votes?.digest ?? replica.tally.digest) at \(me.node)"
        let others = (replica.configuration?.members ?? []).filter { $0 != me }.map { member in
            let digest = replica.votes?.digest(of: member)
            return digest.map { "digest \($0) at \(member.node)" } ?? "none known of \(member.node)"
        }
        return ([own] + others).joined(separator: ", ")
    }

    // MARK: The operator's word

    /// The copy of `source` is taken for the right one: every other member makes its own equal to it.
    func takeCopy(of source: Member, for replica: Replica) {
        guard replica.isMember(me), replica.isMember(source), replica.isHeld else { return }
        mark(replica, isUnsound: false, isDisputed: false, source: nil)
        guard source == me else {
            becomeUnsound(replica, "has digest \(replica.tally.digest); an operator takes the copy of \(source.node)")
            return mark(replica, isUnsound: true, isDisputed: false, source: source)
        }
        notice(.warning("slot \(replica.slot): an operator takes the copy here for the right one"))
        forgetScrub(of: replica)
        takeAsItIs(replica)
        replica.nextVouchAt = now
        hasChanges = true
        markProgress(of: replica)
        attend(replica)
    }

    /// Takes what is in the table for what was written: it counts so from now on, and large values have the digests that they
    /// have.
    func takeAsItIs(_ replica: Replica) {
        var tally = Tally()
        var changed: [KeyedEntry] = []
        walk(replica, after: nil, through: nil, by: pieceAsKept) { item in
            let entry = item.entry.recounted
            tally.add(entry, key: item.key)
            if entry.digest != item.entry.digest { changed.append(KeyedEntry(key: item.key, entry: entry)) }
        }
        for item in changed { store.put(item.entry, key: item.key, in: replica.slot) }
        replica.tally = tally
    }

    /// What is in the table, every entry read again.
    func counted(_ replica: Replica) -> Tally {
        var tally = Tally()
        walk(replica, after: nil, through: nil) { tally.add($0.entry, key: $0.key) }
        return tally
    }
}
