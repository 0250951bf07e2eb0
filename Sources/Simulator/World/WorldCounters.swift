/// What a run was made of.
package struct WorldCounters: Equatable, Sendable {
    package var events = 0
    package var messages = 0
    package var faults = 0
    package var operations = 0
    package var unanswered = 0
    package var unavailable = 0
    package var configurations = 0
    package var committed = 0
    /// How often a slot lost its majority for ever.
    package var maimings = 0

    package init() {}

    package static func += (sum: inout WorldCounters, more: WorldCounters) {
        sum.events += more.events
        sum.messages += more.messages
        sum.faults += more.faults
        sum.operations += more.operations
        sum.unanswered += more.unanswered
        sum.unavailable += more.unavailable
        sum.configurations += more.configurations
        sum.committed += more.committed
        sum.maimings += more.maimings
    }
}
