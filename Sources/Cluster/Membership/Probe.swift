/// The probe that is under way: first a ping, then others are asked to ping and the stream is tried.
///
///     pinged ──ping time-out──▶ othersAsked ──end of the interval──▶ the peer is suspected
///        └──────────ack, or a word over the stream──┴──▶ done
struct Probe {
    enum Stage {
        case pinged
        case othersAsked
    }

    let target: Int
    let sequence: UInt32
    var stage: Stage = .pinged
    var askOthersAt: Instant
    var failAt: Instant
    /// How many others were asked, and how many of them said that they got no answer either.
    var asked = 0
    var nacks = 0

    mutating func shift(by gap: Duration) {
        askOthersAt = askOthersAt + gap
        failAt = failAt + gap
    }
}
