import Cluster

/// What kind of world a run lives in: the ring's settings and how its network, disks and clocks behave when
/// nothing goes wrong.
package struct WorldSettings: Sendable {
    package var replicas = 3
    /// Slots that exist; so few that every one of them sees much.
    package var slots = 4
    package var keysPerSlot = 2
    package var replication = ReplicatorSettings()
    package var membership = MembershipSettings()
    package var evictAfter = Duration.seconds(60)

    package var latency: ClosedRange<Duration> = .microseconds(50) ... .milliseconds(4)
    package var packetLossPermille = 0
    package var packetTwicePermille = 0
    /// How often one side of a connection that breaks hears nothing of it, and goes on until the silence is too long.
    package var unheardBreakPermille = 150
    package var syncTime: ClosedRange<Duration> = .microseconds(100) ... .milliseconds(3)
    /// How long a node gathers inputs before it has its turn.
    package var turnDelay: ClosedRange<Duration> = .zero ... .microseconds(200)
    /// How long a node takes over a table of targets, beside its turns.
    package var targetsTime: ClosedRange<Duration> = .microseconds(100) ... .milliseconds(60)
    /// How far wall clocks are apart at most, jumps included.
    package var skewMax = Duration.zero

    package init() {}
}
