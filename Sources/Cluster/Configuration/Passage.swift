import Protocol

/// What a leadership keeps while its slot, or a copy of it, comes or goes.
final class Passage: SeldomPart {
    var handOver: (kind: HandOverTimes.Kind, since: Instant)?
    var heardSealed: Instant?
    var nextPlanAt = Instant.zero
    var proven: Vouch?
    var held: [HeldRequest] = []

    var isEmpty: Bool {
        handOver == nil && heardSealed == nil && nextPlanAt == .zero && proven == nil && held.isEmpty
    }
}

extension Leadership {
    /// Requests that wait for the phase to allow them, in the order they came.
    var held: [HeldRequest] { passage?.held ?? [] }

    func hold(_ request: HeldRequest) {
        Passage.change(&passage, isNeeded: true) { $0.held.append(request) }
        replica.unsettle()
    }

    func removeHeld(where isOver: (HeldRequest) -> Bool) {
        guard passage?.held.isEmpty == false else { return }
        Passage.change(&passage, isNeeded: false) { $0.held.removeAll(where: isOver) }
        replica.unsettle()
    }

    /// Until it opens: how the slot came here, and since when nobody could use it, as far as this node knows.
    var handOver: (kind: HandOverTimes.Kind, since: Instant)? {
        get { passage?.handOver }
        set { Passage.change(&passage, isNeeded: newValue != nil) { $0.handOver = newValue } }
    }

    /// Since when another node is known to try for a new epoch.
    var heardSealed: Instant? {
        get { passage?.heardSealed }
        set {
            Passage.change(&passage, isNeeded: newValue != nil) { $0.heardSealed = newValue }
            replica.unsettle()
        }
    }

    var nextPlanAt: Instant {
        get { passage?.nextPlanAt ?? .zero }
        set { Passage.change(&passage, isNeeded: newValue != .zero) { $0.nextPlanAt = newValue } }
    }

    /// What the primary's own copy added up to when the digests of the members were seen to be equal: other copies that
    /// stand there must add up to the same.
    var proven: Vouch? {
        get { passage?.proven }
        set { Passage.change(&passage, isNeeded: newValue != nil) { $0.proven = newValue } }
    }
}
