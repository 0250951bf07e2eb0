import Protocol

/// Full exchanges over the stream: what makes sure that all come to know the same in the end, whatever
/// packets were lost. (memberlist calls it push-pull.)
extension Membership {
    /// Up to so many nodes exchanges are as frequent as the settings say.
    private static let exchangeNodes = 32

    /// Names all that this node knows, but for suspicions, which pass: equal digests need no exchange. The
    /// order in which nodes became known has no part in it.
    package var digest: UInt64 {
        var sum: UInt64 = 0
        for number in peers.indices {
            let peer = peers[number]
            var writer = ByteWriter()
            writer.write(peer.record)
            writer.write(peer.liveness == .dead)
            sum &+= Membership.fingerprint(writer.bytes)
        }
        return sum
    }

    /// All that this node knows, itself included: its part of a full exchange.
    package func allRumors() -> [Rumor] { peers.indices.map { rumor(of: $0) } }

    func exchangeIfDue() {
        guard clock >= schedule.exchange else { return }
        schedule.exchange = clock + settings.exchangeInterval * exchangeScale
        let chosen = randomPeers(1) { peers[$0].isReachable && peers[$0].liveness == .alive }
        if let number = chosen.first { effects.append(.pushPull(with: peers[number].record.node)) }
    }

    private var exchangeScale: Int {
        let beyond =
            Logarithm.base2Milli(peers.inRingCount) - Logarithm.base2Milli(Membership.exchangeNodes)
        return 1 + max(beyond + 999, 0) / 1_000
    }

    /// FNV-1a (RFC 9923), then a final mix, so that sums of it tell sets apart.
    private static func fingerprint(_ bytes: [UInt8]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var mixed = Random(seed: hash)
        return mixed.next()
    }
}
