import Protocol

/// Packets in and out.
extension Membership {
    /// A datagram arrived, from wherever. Whatever is wrong with it is counted and ends there.
    package func onPacket(_ bytes: [UInt8], now: Instant) {
        advance(to: now)
        counters.packetsReceived += 1
        do throws(PacketError) {
            take(try Packet.decode(bytes, ring: ring))
        } catch {
            countDrop(error)
        }
    }

    private func take(_ packet: Packet) {
        let sender = packet.sender
        guard sender.node != peers.own.node else {
            counters.fromSelf += 1
            if sender.member != peers.own.member { reportConflict(sender) }
            return
        }
        take(Rumor(record: sender, liveness: .alive))
        guard let number = peers.number(of: sender.node), isCurrent(sender, number) else {
            counters.outdatedSender += 1
            return tell(sender, itsRecordAfter: packet.message)
        }
        for rumor in packet.rumors { take(rumor) }
        answer(packet, from: number)
    }

    /// Whether `sender` goes by the disk and incarnation that the ring knows. Its status may lag: it has
    /// not heard of its eviction yet.
    private func isCurrent(_ sender: RingRecord, _ number: Int) -> Bool {
        let known = peers[number].record
        return sender.member == known.member && sender.incarnation == known.incarnation
    }

    private func answer(_ packet: Packet, from number: Int) {
        switch packet.message {
        case .ping(let sequence): send(.ack(sequence: sequence, node: peers.own.node), to: number)
        case .ack(let sequence, let node): onAck(sequence: sequence, of: node)
        case .nack(let sequence): onNack(sequence: sequence)
        case .pingRequest(let sequence, let target):
            onPingRequest(sequence: sequence, target: target, from: number)
        case .gossip:
            // What it hears from this node otherwise may be long in coming.
            tellIfNeeded(number, itShowed: packet.sender)
        }
    }

    /// Lets node `number` know what it has to take back. Not in answer to each packet: two nodes that see
    /// each other as dead would not stop.
    private func tellIfNeeded(_ number: Int, itShowed record: RingRecord) {
        let peer = peers[number]
        guard (peer.isInRing && peer.liveness != .alive) || peer.record.supersedes(record),
            clock >= peer.lastTold + settings.gossipInterval
        else { return }
        peers.noteTold(number, at: clock)
        send(.gossip, to: number)
    }

    /// One packet for one ping, so that nobody is flooded with it.
    private func tell(_ sender: RingRecord, itsRecordAfter message: PacketMessage) {
        guard case .ping = message, let number = peers.number(of: sender.node) else { return }
        send(.gossip, rumors: [rumor(of: number)], to: sender.node, at: sender.address)
    }

    /// Sends `message`, with as much news as fits. A node that is not seen as alive and active hears of
    /// that first (Lifeguard, section IV.C: buddy system).
    func send(_ message: PacketMessage, to number: Int) {
        let peer = peers[number]
        var space = Packet.rumorBytesMax(sender: peers.own, message: message)
        var news: [Rumor] = []
        func add(_ rumor: Rumor) -> Bool {
            guard rumor.byteCount <= space else { return false }
            space -= rumor.byteCount
            news.append(rumor)
            return true
        }
        if peer.liveness != .alive || peer.record.status == .down || peer.record.status == .gone {
            _ = add(rumor(of: number))
        }
        rumors.send(limit: transmitsMax) { subject in
            switch subject {
            case PeerTable.ownNumber: true  // the packet carries it anyway
            case number: false
            default: add(rumor(of: subject)) ? true : nil
            }
        }
        send(message, rumors: news, to: peer.record.node, at: peer.record.address)
    }

    private func send(
        _ message: PacketMessage, rumors: [Rumor], to node: NodeID, at address: NodeAddress
    ) {
        let bytes = Packet(ring: ring, sender: peers.own, message: message, rumors: rumors).encoded()
        counters.packetsSent += 1
        counters.bytesSent += bytes.count
        effects.append(.send(bytes, to: node, address: address))
    }

    func gossipIfDue() {
        // After a time without news the first goes out at once.
        guard !rumors.isEmpty, clock >= schedule.gossip else { return }
        schedule.gossip = clock + settings.gossipInterval
        for number in randomPeers(settings.gossipFanout, where: { peers[$0].isReachable }) {
            send(.gossip, to: number)
        }
    }

    /// How often a piece of news is passed on: more from 10, 100, 1,000 nodes on.
    var transmitsMax: Int {
        // The logarithm is a little too small: 0.978 for 10.
        settings.retransmitMultiplier * (1 + (Logarithm.base10Milli(peers.inRingCount) + 30) / 1_000)
    }

    private func countDrop(_ error: PacketError) {
        switch error {
        case .oversized: counters.oversized += 1
        case .notAPacket: counters.notAPacket += 1
        case .unknownVersion: counters.unknownVersion += 1
        case .damaged: counters.damaged += 1
        case .foreignRing: counters.foreignRing += 1
        case .malformed: counters.malformed += 1
        }
    }
}
