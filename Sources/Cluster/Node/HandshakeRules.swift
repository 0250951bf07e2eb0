import Protocol

/// Decides who is let in: what a node answers to an introduction.
package struct HandshakeRules {
    /// Of the node that answers.
    let own: RingRecord
    let ring: RingID
    let replicas: Int

    /// What is known here of the id that the introduction names.
    struct Acquaintance {
        let record: RingRecord
        let liveness: Liveness
        /// There is a link to it that was heard a moment ago.
        let isConnected: Bool
    }

    /// The words of a node that has dialled itself.
    package static let itself = "this is the node itself"
    static let notMember = "not that member"

    /// Nil: it is welcome.
    func objection(to hello: Hello, known: Acquaintance?) -> (reason: String, isFinal: Bool)? {
        let record = hello.record
        if record.member == own.member { return (HandshakeRules.itself, false) }
        if let dialled = hello.dialled, dialled != own.node { return (HandshakeRules.notMember, false) }
        if let other = hello.ring, other != ring {
            return ("this is ring \(ring), you belong to ring \(other)", false)
        }
        if Int(hello.replicas) != replicas {
            return (
                "this ring keeps \(replicas) replicas, you said \(hello.replicas): "
                    + "start with -replicas \(replicas)", true
            )
        }
        if record.node == own.node { return (HandshakeRules.inUse(own), true) }
        return known.flatMap { objection(to: hello, knownAs: $0) }
    }

    private func objection(to hello: Hello, knownAs known: Acquaintance) -> (String, Bool)? {
        let record = hello.record
        guard record.disk == known.record.disk else {
            // The other disk is out of the ring for ever: whoever is connected is this one, or not for long.
            if known.record.status == .gone { return nil }
            if known.isConnected { return (HandshakeRules.inUse(known.record), true) }
            guard known.liveness == .dead || known.record.status >= .down else {
                let who = "id \(record.node) was in use by a node at \(known.record.address)"
                return ("\(who), which may still be alive", false)
            }
            return nil
        }
        if known.record.status == .gone {
            return (
                "\(record.node) left this ring; start it with an empty -data folder to join anew", true
            )
        }
        if record.incarnation == known.record.incarnation, record.address != known.record.address,
            known.isConnected
        {
            return (HandshakeRules.inUse(known.record), true)
        }
        if record.incarnation < known.record.incarnation {
            return (
                "this data folder of \(record.node) is an older copy of the one that the ring knows; "
                    + "start with an empty -data folder", true
            )
        }
        return nil
    }

    private static func inUse(_ record: RingRecord) -> String {
        "id \(record.node) is in use by a live node at \(record.address); choose another -id"
    }
}

extension RingRecord {
    fileprivate var disk: DiskID { member.disk }
}
