/// The failure detector's times and numbers. All nodes of a ring should have the same.
///
/// They go together, and docs/membership.md says how: a process may stand still for 4 s without being
/// declared dead, and in a ring of ten a killed one is known dead to all within 5 s. Both hold only if a
/// silence is noticed at once and judged late.
package struct MembershipSettings: Sendable {
    /// Each neighbour, and one other peer in turn, is probed once in each interval; stretched by the local
    /// health (`LocalHealth`).
    package var probeInterval: Duration = .milliseconds(500)
    /// The next so many nodes on the circle are probed in every interval: a silence is noticed within one
    /// interval, however large the ring.
    package var neighbours = 2
    /// How long a direct ping may take before others are asked to try; stretched in the same way.
    package var pingTimeout: Duration = .milliseconds(200)
    /// How long a probe may take; stretched in the same way. It must leave room after `pingTimeout` for a
    /// ping over a third node.
    package var probeTimeout: Duration = .milliseconds(600)
    /// How many others are asked (k in the SWIM paper).
    package var indirectProbes = 3

    /// A suspect in a ring of up to ten nodes has at least so long to refute it…
    package var suspicionMin: Duration = .milliseconds(4_100)
    /// …so much longer for each doubling of the ring beyond ten, since news takes longer…
    package var suspicionGrowth: Duration = .milliseconds(400)
    /// …and at most this many times as long, while nobody else has come to suspect it too.
    package var suspicionStretchMax = 6
    /// So many further accusers bring the time down to its minimum (K in the Lifeguard paper).
    package var suspicionConfirmations = 3
    /// About so many nodes of the ring, by lot, probe a suspect as soon as they hear of the suspicion.
    package var suspicionCheckers = 8
    /// The worst local health: intervals and time-outs are stretched at most by this factor.
    package var healthFactorMax = 8

    /// While there is news, it is also sent in packets of its own: so often, to so many.
    package var gossipInterval: Duration = .milliseconds(100)
    package var gossipFanout = 3
    /// Each node passes news on this many times log10(nodes) times (λ in the SWIM paper).
    package var retransmitMultiplier = 4
    /// What a joiner learns of the ring from its seed, it passes on so many times only.
    package var joinRetransmits = 2

    /// Who hears of a new node, or of one that was dead, makes an exchange after so long, at most twice that.
    package var joinExchange: Duration = .seconds(2)

    /// One dead node is pinged so often, so that the two sides of a healed partition find each other.
    package var redialInterval: Duration = .seconds(2)
    /// Up to 32 nodes an exchange is made so often; the time grows with log2 of the nodes beyond.
    package var exchangeInterval: Duration = .seconds(30)
    /// A process that was not driven for so long was paused itself, and learned nothing about others.
    package var pauseMin: Duration = .seconds(1)

    package init() {}

    /// The least time that a suspect has in a ring of `nodes`.
    func suspicionMin(nodes: Int) -> Duration {
        let doublings = max(Logarithm.base2Milli(nodes) - Logarithm.base2Milli(10), 0)
        return suspicionMin + suspicionGrowth * doublings / 1_000
    }
}
