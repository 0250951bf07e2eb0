/// The failure detector's times and numbers. All nodes of a ring should have the same.
///
/// memberlist's defaults for a LAN (probe every 1 s, time-out 500 ms) know a killed node to be dead after
/// about 7 s at 10 nodes, 12 s at 100 and 16 s at 1,000. Half of both gives 4, 6 and 9 s at twice the
/// pings: four small packets a second and node.
package struct MembershipSettings: Sendable {
    /// One peer is probed in each interval; stretched by the local health (`LocalHealth`).
    package var probeInterval: Duration = .milliseconds(500)
    /// How long a direct ping may take before others are asked to try; stretched in the same way. It must
    /// leave room in the interval for a ping over a third node.
    package var pingTimeout: Duration = .milliseconds(200)
    /// How many others are asked (k in the SWIM paper).
    package var indirectProbes = 3

    /// A suspect has at least this many times log10(nodes) intervals to refute it…
    package var suspicionMultiplier = 4
    /// …and at most this many times as long, while nobody else has come to suspect it too.
    package var suspicionStretchMax = 6
    /// So many further accusers bring the time down to its minimum (K in the Lifeguard paper).
    package var suspicionConfirmations = 3
    /// The worst local health: intervals and time-outs are stretched at most by this factor.
    package var healthFactorMax = 8

    /// While there is news, it is also sent in packets of its own: so often, to so many.
    package var gossipInterval: Duration = .milliseconds(200)
    package var gossipFanout = 3
    /// Each node passes news on this many times log10(nodes) times (λ in the SWIM paper).
    package var retransmitMultiplier = 4
    /// What a joiner learns of the ring from its seed, it passes on so many times only.
    package var joinRetransmits = 2

    /// One dead node is pinged so often, so that the two sides of a healed partition find each other.
    package var redialInterval: Duration = .seconds(2)
    /// Up to 32 nodes a full exchange is made so often; the time grows with log2 of the nodes beyond.
    package var exchangeInterval: Duration = .seconds(30)
    /// A process that was not driven for so long was paused itself, and learned nothing about others.
    package var pauseMin: Duration = .seconds(1)

    package init() {}
}
