import Protocol

/// Mending a copy that holds what was not written so, in place, from another member.
///
/// The copy walks through its table as a comparison does (`Replicator+Compare`) and makes each piece what the source
/// has there. The source's piece is of a position *a*; this copy is at *c*. Invariant: an entry is taken over, or
/// removed, only where *a* ≤ *c* and no write of this log in (*a*, *c*] touches its key. Then what the source had
/// at *a* is exactly what belongs here at *c*: nothing newer is overwritten and nothing deleted comes back. Where a
/// write of this log does touch the key, the log says what belongs there: it is sound where the table is not.
///
/// What was kept of the tally is what should be, so it does not follow the mending; only at the end it becomes what
/// was counted, which differs where an entry had been overwritten after it had rotted.
extension Replicator {
    func becomeUnsound(_ replica: Replica, _ what: String) {
        guard !replica.isUnsound else { return }
        notice(.contradiction("slot \(replica.slot) \(what); it answers nothing until it is mended from another member"))
        mark(replica, isUnsound: true, isDisputed: replica.isDisputed, source: nil)
        // They are of the copy as it was.
        replica.votes = nil
        // What they have seen of it is forgotten.
        readsAreDue = true
        replica.scrub = nil
        hurriedScrubs.remove(replica.slot)
        attend(replica)
        if let leadership = replica.leadership { takeUpAgain(replica, leadership) }
    }

    /// The copy is replaced as a whole, or gone.
    func forgetScrub(of replica: Replica) {
        replica.scrub = nil
        mark(replica, isUnsound: false, isDisputed: false, source: nil)
        replica.votes = nil
    }

    /// Keeps what is known of whether the copy is right, over a restart as well.
    /// - Parameter source: from whom alone it is to be mended.
    func mark(_ replica: Replica, isUnsound: Bool, isDisputed: Bool, source: Member?) {
        guard replica.isUnsound != isUnsound || replica.isDisputed != isDisputed || replica.mendSource != source else {
            return
        }
        replica.isUnsound = isUnsound
        replica.isDisputed = isDisputed
        replica.mendSource = source
        saveRecord(of: replica)
    }

    /// As `mark`, where only that changes.
    func mark(_ replica: Replica, isDisputed: Bool) {
        mark(replica, isUnsound: replica.isUnsound, isDisputed: isDisputed, source: replica.mendSource)
    }

    func stepMend(_ replica: Replica) {
        guard replica.isUnsound else { return }
        agenda.insert(replica.slot)
        guard replica.isHeld, replica.pull == nil else { return }
        if let scrub = replica.scrub, let source = scrub.source, session(with: source.node) == scrub.session,
            now.since(scrub.lastHeard) <= settings.pullTimeout
        {
            if scrub.number == 0 { askForMend(of: replica) }
            return
        }
        startMend(of: replica)
    }

    private func startMend(of replica: Replica) {
        replica.scrub = nil
        let members = mendSources(of: replica).filter(isReachable)
        guard !members.isEmpty else { return }
        let source = members[replica.mendAttempts % members.count]
        replica.mendAttempts += 1
        replica.scrub = Scrub(source: source, session: session(with: source.node) ?? 0, lastHeard: now)
        askForMend(of: replica)
    }

    /// Who may have a sound copy.
    func mendSources(of replica: Replica) -> [Member] {
        let members = (replica.configuration?.members ?? []).filter { $0 != me }
        if let source = replica.mendSource, members.contains(source) { return [source] }
        return members
    }

    private func askForMend(of replica: Replica) {
        guard let scrub = replica.scrub,
            let (entries, covered) = ownPiece(of: replica, KeyRange(after: scrub.cursor, through: nil))
        else { return }
        ask(.compare(covered, digest: Self.digest(of: entries)), of: replica)
    }

    private func ask(_ want: Fetch.Want, of replica: Replica) {
        guard let source = replica.scrub?.source else { return }
        fetchNumber += 1
        replica.scrub?.number = fetchNumber
        send(
            .fetch(Fetch(slot: replica.slot, epoch: replica.epoch, number: fetchNumber, want: want)), to: source.node)
    }

    /// - Returns: whether the answer was to a question of a mend.
    func onMendSupply(_ supply: Supply, from member: Member) -> Bool {
        let replica = replica(supply.slot)
        guard let scrub = replica.scrub, scrub.source == member, scrub.number == supply.number,
            session(with: member.node) == scrub.session
        else { return false }
        replica.scrub?.lastHeard = now
        switch supply.content {
        case .differs(let through):
            let range = KeyRange(after: scrub.cursor, through: through)
            guard let (entries, _) = ownPiece(of: replica, range) else { return true }
            replica.scrub?.asked = entries.map(\.key)
            ask(.difference(range, names: entries.map { EntryHash.name(of: $0.entry, key: $0.key) }), of: replica)
        case .difference(let difference) where supply.epoch == replica.epoch:
            take(difference, into: replica)
        case .later: break
        case .refused, .copyNeeded, .chunk, .log, .difference:
            // Another may help, a little later.
            replica.scrub = nil
        }
        return true
    }

    private func take(_ piece: Difference, into replica: Replica) {
        guard piece.applied <= replica.log.commit, piece.applied >= replica.log.start else {
            // In a moment both are at the same place.
            replica.scrub?.number = 0
            return
        }
        mend(replica, by: piece)
        guard let through = piece.through else { return endMend(of: replica) }
        replica.scrub?.cursor = through
        askForMend(of: replica)
    }

    private func mend(_ replica: Replica, by piece: Difference) {
        guard var scrub = replica.scrub else { return }
        let since = replica.log.entries(after: piece.applied).prefix { $0.version <= replica.log.commit }
        var written: [[UInt8]: Entry?] = [:]
        if !has(.mendOverNewer) {
            for entry in since { entry.forEachChange { key, new in written.updateValue(new, forKey: key) } }
        }
        let sent = Set(piece.entries.map(\.key))
        let places = (piece.lacking ?? []).map(Int.init).filter(scrub.asked.indices.contains)
        let lacking = Set(places.map { scrub.asked[$0] })
        scrub.asked = []
        var replaced: [[UInt8]: Entry] = [:]
        var there: [[UInt8]: Entry] = [:]
        walk(replica, after: scrub.cursor, through: piece.through) { item in
            if written[item.key] != nil {
                there[item.key] = item.entry
            } else if sent.contains(item.key) {
                replaced[item.key] = item.entry
            } else if lacking.contains(item.key) {
                change(item.key, from: item.entry, to: nil, in: replica)
                scrub.mended += 1
            } else {
                scrub.tally.add(item.entry, key: item.key)
            }
        }
        for item in piece.entries where written[item.key] == nil {
            change(item.key, from: replaced[item.key], to: item.entry, in: replica)
            scrub.tally.add(item.entry, key: item.key)
            scrub.mended += 1
        }
        let range = KeyRange(after: scrub.cursor, through: piece.through)
        for (key, new) in written.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) where range.contains(key) {
            if there[key] != new {
                change(key, from: there[key], to: new, in: replica)
                scrub.mended += 1
            }
            if let new { scrub.tally.add(new, key: key) }
        }
        replica.scrub = scrub
    }

    private func endMend(of replica: Replica) {
        guard let scrub = replica.scrub, let source = scrub.source else { return }
        let what = scrub.tally == replica.tally ? "as it was kept" : "no longer \(replica.tally.digest)"
        notice(
            .warning(
                "slot \(replica.slot) is mended: \(scrub.mended) entries were taken from \(source) or removed; "
                    + "its digest is \(scrub.tally.digest), \(what)"))
        syncCounters.entriesMended += scrub.mended
        replica.tally = scrub.tally
        replica.scrub = nil
        mark(replica, isUnsound: false, isDisputed: false, source: nil)
        replica.mendAttempts = 0
        replica.nextVouchAt = now
        markProgress(of: replica)
        attend(replica)
        guard let leadership = replica.leadership else { return }
        // What it added up to earlier was said of the copy as it was.
        leadership.opened = nil
        leadership.proven = nil
        leadership.hasDoubted = false
        takeUpHeld(of: leadership)
    }
}
