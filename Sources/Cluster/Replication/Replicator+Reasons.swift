import Protocol

/// Why a slot is not yet as it should be: for everything that is pending here, what it is and whom it waits for.
///
/// Invariant: whatever has not made progress for a while has a reason that names the nodes that have to do something,
/// or the operator. The simulator holds every node to it (`StuckWatch`).
extension Replicator {
    /// What waits here of that slot, and for whom; nil: nothing does.
    package func waiting(for replica: Replica) -> (what: String, why: String)? {
        guard let configuration = replica.configuration else { return nil }
        if let pull = replica.pull { return ("copy", "data from \(pull.source.node)") }
        if replica.isUnsound { return ("mending", "a sound copy at \(names(mendSources(of: replica)))") }
        if wantsPull(replica) { return ("copy", pullReason(replica, configuration)) }
        if isSuperfluous(replica) { return ("drop", dropReason(replica, configuration)) }
        guard replica.isMember(me) else {
            return targets[replica.slot].contains(me) ? ("copy", "an invitation by \(reachWords(configuration.primary))") : nil
        }
        if hasLostMajority(configuration) { return ("repair", repairReason(replica, configuration)) }
        if replica.isSealed || replica.mustReopen {
            return has(.hideDecisions) ? nil : ("new epoch", majorityReason(configuration))
        }
        guard let leadership = replica.leadership else { return backupReason(replica, configuration) }
        switch leadership.phase {
        case .opening: return ("opening", "\(majorityReason(configuration)) to be complete")
        case .closing(let next, _): return ("hand-over", "\(names(next)) to have every write")
        case .open: return openReason(replica, configuration, leadership)
        }
    }

    private func backupReason(_ replica: Replica, _ configuration: Configuration) -> (what: String, why: String)? {
        if suspicions[configuration.primary] != nil {
            return ("takeover", "\(configuration.primary.node), or \(majorityReason(configuration)) to miss it")
        }
        guard !replica.isComplete else { return nil }
        return ("completion", "the disk of \(me.node)")
    }

    private func openReason(
        _ replica: Replica, _ configuration: Configuration, _ leadership: Leadership
    ) -> (what: String, why: String)? {
        if replica.isDisputed {
            return ("agreement", "an operator, or another copy to be mended: \(votesWords(replica)); see REPAIR")
        }
        if leadership.heardSealed != nil { return ("new epoch", majorityReason(configuration)) }
        let wanted = targets[replica.slot]
        let missing = wanted.filter { !replica.isMember($0) }
        if !missing.isEmpty {
            return ("growth", "\(missing.map(reachWords).joined(separator: ", ")) to have a copy")
        }
        guard !wanted.isEmpty, configuration.primary != wanted[0] || configuration.members.count != wanted.count else {
            return nil
        }
        let late = wanted.filter { $0 != me && !leadership.isDeclared($0) }
        return ("hand-over", "\(names(late.isEmpty ? wanted : late)) to be complete and in reach")
    }

    private func repairReason(_ replica: Replica, _ configuration: Configuration) -> String {
        let lost = names(lostMembers(of: configuration))
        guard mayRepair(replica) else { return "an operator; lost for ever: \(lost)" }
        let left = configuration.members.filter { !isLost($0) }
        return left.isEmpty ? "\(me.node) to decide" : "\(names(left)) to agree, all but \(lost)"
    }

    /// In the words of who has to do something.
    private func dropReason(_ replica: Replica, _ configuration: Configuration) -> String {
        let primary = configuration.primary.node
        guard let delay = replica.dropDelay else {
            return "all new members to be complete, by word of \(reachWords(configuration.primary))"
        }
        let nodes = delay.nodes.map(\.text).joined(separator: ", ")
        let why = switch delay.obstacle {
        case .changing: "\(primary) to open the slot"
        case .wanted: "\(primary), which counts on this copy"
        case .incomplete: "\(nodes) to be complete"
        case .uncompared: "\(nodes) to say what their copies add up to"
        case .differing: "the copies of \(nodes) to be mended: their digests differ"
        case .unlike: "\(primary): its copy adds up to something else than the one here, and nobody knows which is wrong"
        }
        return isReachable(configuration.primary) ? why : "\(why); \(primary) is out of reach"
    }

    func majorityReason(_ configuration: Configuration) -> String {
        let absent = configuration.members.filter { !isReachable($0) }
        let words = "a majority of \(names(configuration.members))"
        return absent.isEmpty ? words : "\(words) (out of reach: \(absent.map(absenceWords).joined(separator: ", ")))"
    }

    private func pullReason(_ replica: Replica, _ configuration: Configuration) -> String {
        if pulling.count >= settings.pullsMax {
            let sources = Set(pulling.compactMap { self.replica($0).pull?.source.node })
            return "other copies to finish, from \(sources.map { $0.text }.sorted().joined(separator: ", "))"
        }
        let others = configuration.members.filter { $0 != me }
        let isNobodyThere = !(others + replica.previousMembers).contains { $0 != me && isReachable($0) }
        let whom = others.isEmpty ? names(replica.previousMembers.filter { $0 != me }) : names(others)
        return "a node that has the data: \(whom)" + (isNobodyThere ? " (all out of reach)" : "")
    }

    private func reachWords(_ member: Member) -> String {
        isReachable(member) ? member.node.text : "\(member.node) (out of reach)"
    }

    private func absenceWords(_ member: Member) -> String {
        isLost(member) ? "\(member.node), lost for ever" : member.node.text
    }
}
