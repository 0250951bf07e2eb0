import Cluster

/// What the network and the machines of a `GossipRing` do to it. Probabilities are of single packets.
package struct GossipWorld {
    package var loss = 0.0
    package var duplication = 0.0
    /// Packets that take up to `detour` longer than others, and so come after later ones.
    package var reordering = 0.0
    package var detour: Duration = .seconds(2)
    /// Of packets and of messages over streams, evenly spread.
    package var latency: ClosedRange<Duration> = .milliseconds(1) ... .milliseconds(50)
    /// Whether nodes have streams beside packets, over which they ask for a sign of life. Exchanges and
    /// joins go over streams in any case.
    package var hasStreams = true
    /// How often nodes are driven.
    package var tick: Duration = .milliseconds(50)
    /// How long an incarnation takes to be durable.
    package var diskSync: Duration = .milliseconds(5)
    /// Clocks run too fast or too slow by up to this part.
    package var drift = 0.001
    package var settings = MembershipSettings()

    package init() {}
}
