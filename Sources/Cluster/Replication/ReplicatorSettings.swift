/// What may be set of replication. The defaults are those of `torc-node`.
package struct ReplicatorSettings: Sendable {
    /// After how long without a word from it a primary is taken over.
    package var failoverAfter = Duration.seconds(1)
    /// How much later each further backup tries.
    package var failoverRankDelay = Duration.milliseconds(200)
    /// How long a request may wait before the client is told that the ring is unavailable.
    package var requestTimeout = Duration.seconds(2)
    /// Slots of which a node gets itself a copy at a time.
    package var pullsMax = 32
    /// Slots that a primary has closed for a planned change at a time: each waits for the turns that all of them take.
    package var closingMax = 16
    /// Slots a second that a node begins to close for a planned change, or to learn; 0: as many as it can. Nothing is lost
    /// while they wait, and clients need the processor meanwhile.
    package var changeRate = 2_000
    /// Over what time a node spreads what it learns, as far as `changeRate` allows that: where many nodes learn at
    /// once, because one leaves, each has less to learn.
    package var learningTime = Duration.seconds(6)
    /// How long a planned change may keep a slot closed before it is put off.
    package var closingTimeout = Duration.seconds(1)
    /// Slots for which a node proposes a successor at a time. A restart of a whole ring proposes for every
    /// slot: all at once, each would time out before its answers are handled, and be begun again.
    package var proposalsMax = 128
    /// Changes of hands that are begun in one turn: whoever waits for something else waits for the turn.
    package var startsPerTurnMax = 64
    /// Slots that are looked at in one turn since the ring, or a connection, has changed.
    package var reviewsPerTurnMax = 128
    /// Copies of which it is asked in one tick whether they may be given up.
    package var dropQueriesPerTickMax = 512
    /// After how long a proposal that got no majority is given up; longer with each further round.
    package var proposalTimeout = Duration.milliseconds(500)
    /// The shortest time after which a sealed member that knows no successor proposes one; a random part
    /// of the same length comes on top.
    package var sealedPatience = Duration.milliseconds(300)
    /// How long it takes to look at every slot once more without a reason.
    package var sweepInterval = Duration.seconds(5)
    package var pullTimeout = Duration.seconds(1)
    package var dropQueryInterval = Duration.milliseconds(200)
    /// How often a random peer is asked to compare what configurations it knows.
    package var digestInterval = Duration.seconds(1)
    package var chunkBytesMax = 256 * 1024
    /// Bytes a second of tables that a node supplies to others; 0: as fast as it goes.
    package var transferRate = 0
    /// Of those, how many leave in one turn, one piece more or less: requests of clients wait for the turn.
    package var supplyBytesPerTurnMax = 128 * 1024
    /// Bytes that may wait for a peer; then it is supplied with no more until the network has taken them.
    package var supplyUnsentBytesMax = 32 * 1024 * 1024
    /// Questions of others that wait for their turn.
    package var waitingFetchesMax = 4_096
    /// Bytes of log entries that one message carries.
    package var appendBytesMax = 1024 * 1024
    /// How often a primary compares the digest of each slot with those of the other members.
    package var antiEntropyInterval = Duration.seconds(60)
    /// How often, at the most, everything that a node holds is read and counted anew.
    package var scrubInterval = Duration.seconds(600)
    /// What that may read; 0: nothing is.
    package var scrubBytesPerSecond = 2 * 1024 * 1024
    package var backlogBytesMax = 64 * 1024 * 1024
    #if DEFECTS
        /// What the simulator shall find.
        package var defect: Defect?
    #endif

    package init() {}

    /// Copies and changes of hands go as fast as they can, whatever clients wait for.
    package mutating func transferUnpaced() {
        transferRate = 0
        changeRate = 0
        supplyBytesPerTurnMax = 1024 * 1024
    }
}
