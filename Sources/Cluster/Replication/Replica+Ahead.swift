import CProcessor

/// What is fetched of a slot, each step after the one before (`Replicator.forEachAhead`).
extension Replica {
    /// Of its lines in the processor's cache those that messages of peers touch.
    static let linesOfMessages = 6
    /// Those that a write of a node without peers touches.
    static let linesOfWrites = 3

    @inline(__always)
    func expectParts() {
        log.expect()
        torc_prefetch(address(of: leadership))
        torc_prefetch(address(of: requests))
        if let members = configuration?.members { torc_prefetch(address(of: members)) }
    }

    @inline(__always)
    func expectTheirParts() {
        log.expectNextCommit()
        leadership?.expect()
        requests?.expect()
    }

    @inline(__always)
    func expectNextCommit() {
        log.expectNextCommitKey()
        leadership?.expectFlows()
        requests?.expectEnd()
    }
}
