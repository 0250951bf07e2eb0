import Protocol

/// Exchanges over the stream: what makes sure that all come to know the same in the end, whatever packets
/// were lost. (memberlist calls it push-pull.) Only what differs is sent: see `RecordExchange`.
extension Membership {
    /// Up to so many nodes exchanges are as frequent as the settings say.
    private static let exchangeNodes = 32
    /// How many records a bucket should have: so many are sent for one that differs.
    private static let recordsPerBucket = 8

    /// Names all that this node knows, but for suspicions, which pass: equal digests need no exchange. The
    /// order in which nodes became known has no part in it.
    package var digest: UInt64 { digests(ofBuckets: 1).reduce(0, &+) }

    /// How an exchange begins.
    package func exchangeOpening() -> RecordExchange { .opening(digest: digest) }

    /// For a node that joins, or that is to hear all at once.
    package func exchangeOfAll() -> RecordExchange { .rumors(peers.indices.map { rumor(of: $0) }) }

    /// What this node has become, for those that should not wait for gossip.
    package func exchangeOfOwn() -> RecordExchange { .rumors([rumor(of: PeerTable.ownNumber)]) }

    /// A step of an exchange arrived over the stream.
    /// - Returns: the next step, to be sent to `peer`.
    package func onExchange(_ exchange: RecordExchange, from peer: NodeID, now: Instant) -> RecordExchange? {
        advance(to: now)
        switch exchange {
        case .opening(let digest):
            guard digest != self.digest else {
                hasExchanged = true
                // That there is nothing new is word of the ring too.
                return .rumors([])
            }
            return .digests(digests(ofBuckets: bucketCount))
        case .digests(let digests):
            return request(against: digests)
        case .request(let bucketCount, let buckets, let rumors):
            merge(rumors, from: peer, now: now)
            hasExchanged = true
            // Even where there is none: the other one waits for word of the ring.
            return .rumors(self.rumors(inBuckets: buckets, of: Int(bucketCount), butFor: rumors))
        case .rumors(let rumors):
            merge(rumors, from: peer, now: now)
            hasExchanged = true
            return nil
        }
    }

    private func request(against digests: [UInt64]) -> RecordExchange? {
        guard !digests.isEmpty, digests.count <= RecordExchange.bucketsMax else { return nil }
        let own = self.digests(ofBuckets: digests.count)
        let buckets = digests.indices.filter { own[$0] != digests[$0] }.map { UInt32($0) }
        guard !buckets.isEmpty else {
            hasExchanged = true
            return nil
        }
        return .request(
            bucketCount: UInt32(digests.count), buckets: buckets,
            rumors: rumors(inBuckets: buckets, of: digests.count, butFor: []))
    }

    // MARK: Buckets

    private var bucketCount: Int {
        let wanted = max(peers.count / Membership.recordsPerBucket, 1)
        let power = Int.bitWidth - 1 - wanted.leadingZeroBitCount
        return min(1 << power, RecordExchange.bucketsMax)
    }

    private func bucket(of number: Int, among count: Int) -> Int {
        Int(truncatingIfNeeded: peers.place(of: number)) & (count - 1)
    }

    private func digests(ofBuckets count: Int) -> [UInt64] {
        var sums = [UInt64](repeating: 0, count: count)
        for number in peers.indices {
            let peer = peers[number]
            var writer = ByteWriter(reserving: 128)
            writer.write(peer.record)
            writer.write(peer.liveness == .dead)
            sums[bucket(of: number, among: count)] &+= Fingerprint.of(writer.bytes)
        }
        return sums
    }

    private func rumors(inBuckets buckets: [UInt32], of count: Int, butFor known: [Rumor]) -> [Rumor] {
        guard count > 0, count.nonzeroBitCount == 1 else { return [] }
        var isWanted = [Bool](repeating: false, count: count)
        for bucket in buckets where bucket < count { isWanted[Int(bucket)] = true }
        let known = Set(known)
        return peers.indices.filter { isWanted[bucket(of: $0, among: count)] }
            .map { rumor(of: $0) }.filter { !known.contains($0) }
    }

    // MARK: When

    func exchangeIfDue() {
        guard clock >= schedule.exchange else { return }
        schedule.exchange = clock + settings.exchangeInterval * exchangeScale
        let chosen = randomPeers(1) { peers[$0].isReachable && peers[$0].liveness == .alive }
        if let number = chosen.first { effects.append(.pushPull(with: peers[number].record.node)) }
    }

    /// Where one node joins or comes back there may be many, and gossip of many things at once leaves some
    /// unknown to some. Where all is known, an exchange costs one small message.
    func exchangeSoon() {
        let soon = clock + settings.joinExchange + settings.joinExchange.part(using: &random)
        schedule.exchange = min(schedule.exchange, soon)
    }

    private var exchangeScale: Int {
        let beyond =
            Logarithm.base2Milli(peers.inRingCount) - Logarithm.base2Milli(Membership.exchangeNodes)
        return 1 + max(beyond + 999, 0) / 1_000
    }
}
