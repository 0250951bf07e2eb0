import Protocol

/// The end of a turn: what it made goes out together, one batch to the store, one message to each peer.
extension Replicator {
    /// Closes the turn: streams what is new, commits the batch, and lets out what is durable.
    package func endTurn() {
        guard !isIdle else { return }
        startsLeft = settings.startsPerTurnMax
        if mustWatch { watchPrimaries() }
        supplyWaiting()
        finishTurn()
        reviewsLeft = settings.reviewsPerTurnMax
        closings.endTurn()
        lessons.endTurn()
    }

    /// Closes the turn once more, for what has come since.
    package func finishTurn() {
        guard !isIdle else { return }
        repeat {
            drainLoopback()
            if readsAreDue { answerReads() }
            fillFreePlaces()
            if !attention.isEmpty { for slot in attention.take() { step(replica(slot)) } }
            sendNews()
            introduceAsPrimary()
            sendDeclarations()
            askForConfirmations()
            emitStreams()
            flushRecords()
            flushProgress()
            sendAwaited()
            commitBatch()
            releaseDurable()
        } while hasWork
    }

    /// The node ends in the midst of a turn: what clients were told in it is kept, whole as every batch.
    func endTurnEarly() {
        guard failure == nil else { return }
        writeLateProgress()
        flushRecords()
        flushProgress()
        commitBatch()
    }

    /// The store's durable ticket may have moved.
    package func onDurable() {
        releaseDurable()
    }

    /// Whether to close the turn would do nothing. So it is with most turns in which a node that is alone answers its
    /// clients.
    private var isIdle: Bool {
        !hasWork && inFlight.isEmpty && reviews.isEmpty && waitingFetches.isEmpty && waitingProposals.isEmpty
            && waitingClosings.isEmpty && waitingPulls.isEmpty && waitingLessons.isEmpty && closings.isIdle && lessons.isIdle
            && awaitedElsewhere.isEmpty && !mustWatch && passing == .nothing
    }

    private var hasWork: Bool {
        readsAreDue || !loopback.isEmpty || !answers.isEmpty || !endedReadGroups.isEmpty || !attention.isEmpty
            || !dirty.isEmpty || hasUnaskedReads
            || hasChanges || !turn.isEmpty || !dirtyProgress.isEmpty || !dirtyRecords.isEmpty || !news.isEmpty
            || !newlyLed.isEmpty || !undeclared.isEmpty || !mustHear.isEmpty
    }

    private func drainLoopback() {
        guard !loopback.isEmpty || !answers.isEmpty || !endedReadGroups.isEmpty else { return }
        while !loopback.isEmpty {
            let messages = loopback
            loopback.removeAll(keepingCapacity: true)
            for message in messages { handle(message, from: me.node, member: me) }
        }
        let responses = answers
        answers.removeAll(keepingCapacity: true)
        for response in responses { deliver(response, me.node) }
        let groups = endedReadGroups
        endedReadGroups.removeAll(keepingCapacity: true)
        for (group, end) in groups { deliverGroup(group, end) }
    }

    private func fillFreePlaces() {
        while reviewsLeft > 0, let slot = reviews.removeFirst() {
            reviewsLeft -= 1
            attention.insert(slot)
            introduce(slot)
        }
        for _ in 0..<max(0, min(settings.proposalsMax - proposalsUnderWay, startsLeft)) {
            guard let slot = waitingProposals.removeFirst(preferring: awaited) else { break }
            attention.insert(slot)
        }
        lessons.begin(now: now, underWay: pulling.count, waiting: waitingLessons.count)
        let free = max(0, settings.pullsMax - pulling.count)
        for _ in 0..<free {
            guard let slot = waitingPulls.removeFirst() else { break }
            attention.insert(slot)
        }
        for _ in 0..<min(free, lessons.left) {
            guard let slot = waitingLessons.removeFirst() else { break }
            attention.insert(slot)
        }
        // Reviews take all nodes a tenth of a second at once, when the ring has changed: no slot is to be closed for that long.
        guard reviews.isEmpty else { return }
        closings.begin(now: now, underWay: closingUnderWay, waiting: waitingClosings.count)
        for _ in 0..<closings.left {
            guard let slot = waitingClosings.removeFirst() else { break }
            attention.insert(slot)
        }
    }

    private func commitBatch() {
        guard failure == nil else {
            turn.removeAll()
            hasChanges = false
            return
        }
        guard hasChanges || !turn.isEmpty else { return }
        let ticket = store.commit(mustSync: mustSync)
        if case .open = passing { passing = .committed(ticket) }
        inFlight.append((ticket, turn))
        turn.removeAll(keepingCapacity: true)
        hasChanges = false
        mustSync = false
    }

    private func releaseDurable() {
        defer { sendAcknowledgements() }
        if failure == nil, let failed = store.failure { fail(failed) }
        guard failure == nil else { return }
        settle()
        let durable = store.durable
        var released = 0
        while released < inFlight.count, inFlight[released].ticket <= durable { released += 1 }
        guard released > 0 else { return }
        let batches = inFlight[..<released]
        inFlight.removeFirst(released)
        for batch in batches {
            for effect in batch.effects { release(effect) }
        }
    }

    private func release(_ effect: Deferred) {
        switch effect {
        case .position(let slot, let generation, let version):
            onDurablePosition(replica(slot), generation: generation, version: version)
        case .held(let slot, let generation, let epoch):
            onHeldDurably(replica(slot), generation: generation, epoch: epoch)
        case .accepted(let slot, let generation, let acceptance):
            onAcceptedDurably(replica(slot), generation: generation, acceptance)
        case .send(let message, let node, let session):
            if node == me.node || peers[node]?.session == session { send(message, to: node) }
        }
    }

    // MARK: What goes into the batch last

    private func flushRecords() {
        guard !dirtyRecords.isEmpty else { return }
        // Neighbours in the store are written in less time one after the other.
        dirtyRecords.sort { $0.slot < $1.slot }
        for replica in dirtyRecords {
            replica.isRecordDirty = false
            store.setMeta(.slot(replica.slot), to: replica.encodeRecord())
            hasChanges = true
        }
        dirtyRecords.removeAll(keepingCapacity: true)
    }
}
