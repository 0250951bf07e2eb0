/// When each of the regular tasks is due next.
struct Schedule {
    var probe: Instant
    var gossip: Instant
    var redial: Instant
    var exchange: Instant

    mutating func shift(by gap: Duration) {
        probe = probe + gap
        gossip = gossip + gap
        redial = redial + gap
        exchange = exchange + gap
    }
}
