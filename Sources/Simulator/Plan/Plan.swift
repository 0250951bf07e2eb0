import Cluster

/// Everything about a run that is decided before it begins: the same plan, the same run.
package struct Plan: Sendable {
    package var seed: UInt64
    /// Machines, those included that no process runs on at first.
    package var nodes: Int
    /// How many of them make the ring at the beginning.
    package var members: Int
    /// For how long things go wrong.
    package var span: Duration
    package var settings: WorldSettings
    package var steps: [Step]
    /// What each client does, one after the other.
    package var clients: [[ClientOperation]]

    /// How long the ring may take, once nothing goes wrong any more, until all is where it should be.
    package var settlingMax: Duration {
        settings.evictAfter + .seconds(60)
    }
}

extension Plan {
    package static func made(by request: PlanRequest) -> Plan { PlanMaker.plan(request) }
}
