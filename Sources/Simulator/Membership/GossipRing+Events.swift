import Cluster
import Protocol

/// What happens, and what memberships want to be done.
extension GossipRing {
    func perform(_ event: GossipEvent) {
        switch event {
        case .tick(let index):
            schedule(event, after: world.tick)
            guard nodes[index].state == .running else { return }
            input(index) { $0.onTick(now: $1) }
        case .packet(let bytes, let from, let address):
            guard let index = places[address], nodes[index].address == address, passes(from, index),
                isAwake(index, for: event)
            else { return }
            input(index) { $0.onPacket(bytes, now: $1) }
        case .dial(let from, let to): answerDial(of: from, by: to, event)
        case .exchange(let exchange, let from, let to): take(exchange, from: from, by: to, event)
        case .streamProbe(let from, let to):
            guard isOpen(from, to), isAwake(to, for: event) else { return }
            schedule(.signOfLife(from: to, to: from), after: someLatency)
        case .signOfLife(let from, let to):
            guard isOpen(from, to), isAwake(to, for: event) else { return }
            input(to) { $0.onContact(nodes[from].id, now: $1) }
        case .durable(let index, let membership, let incarnation):
            guard ObjectIdentifier(nodes[index].membership) == membership, isAwake(index, for: event)
            else { return }
            input(index) { $0.onIncarnationDurable(incarnation, now: $1) }
        }
    }

    /// Whether it takes it now; a paused node finds it when it wakes.
    private func isAwake(_ index: Int, for event: GossipEvent) -> Bool {
        switch nodes[index].state {
        case .running: return true
        case .paused: nodes[index].waiting.append(event)
        case .killed: break
        }
        return false
    }

    /// Whether there is a stream. One to a paused node stays open.
    private func isOpen(_ from: Int, _ to: Int) -> Bool {
        nodes[from].state != .killed && nodes[to].state != .killed && passes(from, to) && passes(to, from)
    }

    private func answerDial(of from: Int, by to: Int, _ event: GossipEvent) {
        guard isOpen(from, to), isAwake(to, for: event) else { return }
        let record = nodes[from].membership.ownRecord
        input(to) { $0.merge([record], now: $1) }
        send(nodes[to].membership.exchangeOfAll(), from: to, to: from)
    }

    private func take(_ exchange: RecordExchange, from: Int, by to: Int, _ event: GossipEvent) {
        guard isOpen(from, to), isAwake(to, for: event) else { return }
        let membership = nodes[to].membership
        let isFirst = !membership.hasExchanged
        let answer = membership.onExchange(exchange, from: nodes[from].id, now: localTime(of: to))
        carryOut(to)
        if let answer { send(answer, from: to, to: from) }
        // The driver of a joiner introduces it once it is in.
        if isFirst, case .rumors = exchange { send(membership.exchangeOfOwn(), from: to, to: from) }
    }

    func send(_ exchange: RecordExchange, from: Int, to: Int) {
        guard isOpen(from, to) else { return }
        var writer = ByteWriter()
        writer.write(PeerMessage.records(exchange))
        nodes[from].traffic.countMessage(writer.count)
        schedule(.exchange(exchange, from: from, to: to), after: someLatency)
    }

    // MARK: Effects

    func carryOut(_ index: Int) {
        let node = nodes[index]
        for effect in node.membership.drainEffects() {
            switch effect {
            case .send(let bytes, _, let address): send(bytes, from: node, to: address)
            case .askStreamProbe(let target):
                guard world.hasStreams, let to = indices[target], isOpen(index, to) else { continue }
                schedule(.streamProbe(from: index, to: to), after: someLatency)
            case .pushPull(let peer):
                guard let to = indices[peer] else { continue }
                send(node.membership.exchangeOpening(), from: index, to: to)
            case .raiseIncarnation(let incarnation):
                let membership = ObjectIdentifier(node.membership)
                schedule(
                    .durable(index, membership: membership, incarnation: incarnation), after: world.diskSync)
            case .livenessChanged(let peer, let liveness): note(liveness, of: peer, by: node)
            case .recordChanged: break
            case .selfRefuted, .identityConflict, .outdated, .forgotten: node.effects.append(effect)
            }
        }
    }

    private func send(_ bytes: [UInt8], from node: GossipNode, to address: NodeAddress) {
        largestPacket = max(largestPacket, bytes.count)
        node.traffic.countPacket(bytes.count)
        let copies = isDrawn(world.duplication) ? 2 : 1
        for _ in 0..<copies where !isDrawn(world.loss) {
            let detour = isDrawn(world.reordering) ? part(of: world.detour) : .zero
            schedule(.packet(bytes, from: node.index, to: address), after: someLatency + detour)
        }
    }

    private func isDrawn(_ probability: Double) -> Bool {
        probability > 0 && Double.random(in: 0..<1, using: &random) < probability
    }

    private func note(_ liveness: Liveness, of peer: NodeID, by node: GossipNode) {
        node.changes.append(GossipNode.Change(at: now, node: peer, liveness: liveness))
        guard liveness == .dead, let index = indices[peer], nodes[index].state != .killed else { return }
        let life = Life(node: index, incarnation: nodes[index].membership.ownRecord.incarnation)
        if falselyDead.insert(life).inserted { falseDeaths += 1 }
    }
}
