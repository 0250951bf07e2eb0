/// A probe that is under way: first a ping, and another one, in case one was lost; then others are asked to
/// ping and the stream is tried.
///
///     pinged ──half the ping time-out──▶ pingedAgain ──ping time-out──▶ othersAsked
///        │                                    │                          │    │
///        └────────────────────────────────────┴── ack, or a word over ───┘    └── probe time-out:
///                                                 the stream: done                the peer is suspected
struct Probe {
    enum Stage {
        case pinged
        case pingedAgain
        case othersAsked
    }

    let target: Int
    let sequence: UInt32
    /// Since when the target is known to be silent: the second ping without an answer. One ping alone may
    /// have been lost.
    var silentSince: Instant
    var stage: Stage = .pinged
    var pingAgainAt: Instant
    var askOthersAt: Instant
    var failAt: Instant
    /// How many others were asked, and how many of them said that they got no answer either.
    var asked = 0
    var nacks = 0

    mutating func shift(by gap: Duration) {
        silentSince = silentSince + gap
        pingAgainAt = pingAgainAt + gap
        askOthersAt = askOthersAt + gap
        failAt = failAt + gap
    }
}
