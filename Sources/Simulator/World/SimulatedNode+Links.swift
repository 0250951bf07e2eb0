import Cluster
import Protocol

/// The node's ends of its connections: one for each other node, as `torc-node` keeps them.
extension SimulatedNode {
    private static let connectTimeout = Duration.seconds(1)
    private static let keepAliveInterval = Duration.milliseconds(200)
    private static let silenceMax = Duration.seconds(6)
    private static let silenceReplaceable = Duration.milliseconds(500)

    // MARK: Dialling

    /// Every 50 ms.
    func tickLinks() {
        for node in dialers.keys.sorted() where links[node] == nil {
            if let dialer = dialers[node] { dialIfDue(dialer) }
        }
        for seed in seeds where links.isEmpty || !seed.wasReached || seed.attempt != nil { dialIfDue(seed) }
        for node in links.keys.sorted() {
            guard let connection = links[node] else { continue }
            let end = connection.ends[connection.end(of: number)]
            if world.now.since(end.lastHeard) > SimulatedNode.silenceMax {
                giveUp(connection, to: node)
            } else if world.now.since(end.lastSent) >= SimulatedNode.keepAliveInterval {
                send(.keepAlive, to: node)
            }
        }
    }

    private func dialIfDue(_ dialer: SimulatedDialer) {
        if let attempt = dialer.attempt {
            if world.now.since(attempt.since) > SimulatedNode.connectTimeout {
                world.network.close(attempt.connection, by: 0)
                dialer.fail(at: world.now)
            }
        } else if world.now >= dialer.dueAt, let process, mayAct() {
            let hello = process.hello(to: dialer.intended)
            guard let connection = world.network.dial(
                dialer.address, intended: dialer.intended, from: self, hello: hello)
            else { return dialer.fail(at: world.now) }
            dialer.attempt = (connection, world.now)
        }
    }

    private func dialer(of connection: Connection) -> SimulatedDialer? {
        if let node = connection.intended, dialers[node]?.attempt?.connection === connection {
            return dialers[node]
        }
        return seeds.first { $0.attempt?.connection === connection }
    }

    // MARK: Handshakes

    func received(_ hello: Hello, on connection: Connection) {
        guard let process, mayAct() else { return }
        let node = hello.record.node
        var welcome = process.judge(hello)
        if case .accepted = welcome, let existing = links[node], !mayReplace(existing, by: hello.record) {
            welcome = .refused(reason: "already connected", isFinal: false)
        }
        world.network.transmit(.welcome(welcome), over: connection, to: 0)
        if case .accepted = welcome {
            install(connection, with: hello.record)
        } else {
            connection.ends[1].isClosed = true
        }
    }

    /// Where both sides dialled, what the node with the lower name dialled counts.
    private func mayReplace(_ existing: Connection, by record: RingRecord) -> Bool {
        if record.node < name { return true }
        let end = existing.ends[existing.end(of: number)]
        return world.now.since(end.lastHeard) > SimulatedNode.silenceReplaceable
            || end.peerIncarnation < record.incarnation
    }

    func received(_ welcome: Welcome, on connection: Connection) {
        guard let process, mayAct(), let dialer = dialer(of: connection) else { return }
        switch welcome {
        case .accepted(let ring, let replicas, let record):
            if process.objection(to: ring, replicas: replicas, of: record) != nil {
                world.network.close(connection, by: 0)
                return dialer.fail(at: world.now)
            }
            dialer.succeed()
            if let existing = links[record.node], existing.ends[1].node == number, record.node < name {
                return world.network.close(connection, by: 0)
            }
            install(connection, with: record)
        case .refused(let reason, let isFinal):
            connection.ends[0].isClosed = true
            dialer.fail(at: world.now)
            guard reason != "already connected" else {
                dialer.wasReached = true
                return
            }
            let whom = connection.intended?.text ?? connection.address.description
            process.onRefusal(
                by: whom, because: reason, isFinal: isFinal, introducedAs: connection.introduced)
        }
    }

    private func install(_ connection: Connection, with record: RingRecord) {
        if let old = links[record.node], old !== connection {
            links[record.node] = nil
            world.network.close(old, by: old.end(of: number))
            process?.onLinkClosed(with: record.node)
        }
        connection.ends[connection.end(of: number)].lastHeard = world.now
        connection.ends[connection.end(of: number)].peerIncarnation = record.incarnation
        links[record.node] = connection
        dialers[record.node]?.hurry()
        process?.onLinkOpened(with: record)
    }

    // MARK: While they are open

    func received(_ bytes: [UInt8], on connection: Connection) {
        let end = connection.end(of: number)
        let from = world.nodes[connection.ends[1 - end].node].name
        guard links[from] === connection else { return }
        connection.ends[end].lastHeard = world.now
        world.traceBytes(bytes, to: self)
        var reader = ByteReader(bytes)
        do {
            let message: PeerMessage = try reader.read()
            var writer = ByteWriter(reserving: bytes.count)
            writer.write(message)
            if !reader.isAtEnd || writer.bytes != bytes { world.fail(.wire, "\(message) changed on the wire") }
            world.trace(message, from: from, to: self)
            process?.onMessage(message, from: from)
        } catch {
            world.fail(.wire, "what \(from) sent to \(self) does not decode: \(error)")
        }
    }

    /// The other side has closed it, or it broke.
    func lost(_ connection: Connection) {
        connection.ends[connection.end(of: number)].isClosed = true
        if let node = links.first(where: { $0.value === connection })?.key {
            links[node] = nil
            process?.onLinkClosed(with: node)
            dialers[node]?.hurry()
        } else if let dialer = dialer(of: connection) {
            dialer.fail(at: world.now)
        }
    }

    /// Nobody listens there.
    func wasRefused(_ connection: Connection) {
        connection.ends[0].isClosed = true
        guard let dialer = dialer(of: connection) else { return }
        dialer.fail(at: world.now)
        if let node = dialer.intended, links[node] == nil { process?.onLinkRefused(by: node) }
    }

    private func giveUp(_ connection: Connection, to node: NodeID) {
        links[node] = nil
        world.network.close(connection, by: connection.end(of: number))
        process?.onLinkClosed(with: node)
    }
}

extension SimulatedNode: NodeHost {
    package func send(_ message: PeerMessage, to node: NodeID) {
        guard mayAct(), let connection = links[node] else { return }
        let wrong = seals.say(message, on: connection.number) { slot, epoch in
            guard let configuration = process?.replicator.configuration(of: slot), configuration.epoch == epoch,
                configuration.primary != member,
                world.node(named: configuration.primary.node)?.member == configuration.primary
            else { return nil }
            return links[configuration.primary.node]?.number
        }
        if let wrong { world.fail(.sealed, "\(self) \(wrong)") }
        var writer = ByteWriter()
        writer.write(message)
        world.network.transmit(.message(writer.bytes), over: connection, to: 1 - connection.end(of: number))
    }

    /// The network takes what it is given at once, and loses it or brings it late.
    package func unsentBytes(to node: NodeID) -> Int { 0 }

    package func sendPacket(_ bytes: [UInt8], to address: NodeAddress) {
        guard mayAct() else { return }
        world.network.sendPacket(bytes, from: number, to: address)
    }

    package func keepLink(to node: NodeID, at address: NodeAddress) {
        guard node != name else { return }
        if let dialer = dialers[node] {
            guard dialer.address != address else { return }
            dialer.address = address
            dialer.hurry()
        } else {
            dialers[node] = SimulatedDialer(intended: node, address: address)
        }
    }

    package func forgetLink(to node: NodeID) {
        guard let dialer = dialers.removeValue(forKey: node), let attempt = dialer.attempt else { return }
        world.network.close(attempt.connection, by: 0)
    }

    package func remember(ring: RingID, incarnation: UInt64) throws(StoreError) {
        guard mayAct() else { return }
        disk.remember(ring: ring, incarnation: incarnation)
    }

    package func nodeIsReady(activeNodes: Int) {
        world.note("\(self) is ready in a ring of \(activeNodes)", node: number)
    }

    package func nodeEnded(code: Int32) { exitCode = code }

    package func note(_ notice: Notice) {
        // What has rotted contradicts what was written.
        if case .contradiction(let text) = notice, !(world.checks.rot.hasRotted && text.contains("digest")) {
            world.fail(.contradiction, "\(self): \(text)")
        }
        if case .error(let text) = notice {
            // Where a connection to its earlier life is still believed in, a node must take itself for another.
            if text.contains("is in use by") { mayEnd = true }
            // It had left; the others know, its own disk does not.
            if text.contains("left this ring") { retire() }
        }
        world.note("\(self): \(notice)", node: number)
    }
}

extension SimulatedNode: Replies {
    /// - Returns: whether it was read, and will be answered when that is confirmed.
    func readTogether(_ key: [UInt8], _ consistency: Consistency, token: UInt64) -> Bool {
        guard let node = process else { return false }
        let count = key.withUnsafeBytes { bytes in
            let request = RequestView(.get, slot: Slot(key: bytes), key: bytes, consistency: consistency)
            return withUnsafePointer(to: request) { place in
                node.readTogether(UnsafeBufferPointer(start: place, count: 1), token: token) {
                    if case .value(let view) = $0 { foundTogether[token] = view.map { .found($0.entry) } ?? .notFound }
                    return true
                }
            }
        }
        return count == 1
    }

    package func confirm(_ token: UInt64) {
        guard let outcome = foundTogether.removeValue(forKey: token) else { return }
        complete(token, with: outcome, servedBy: name)
    }

    package func complete(_ token: UInt64, with outcome: Outcome, servedBy server: NodeID) {
        guard mayAct() else { return }
        foundTogether[token] = nil
        // It hears of it when the turn is over.
        world.schedule(after: draws.duration(in: .zero ... .microseconds(200))) { [unowned self] in
            world.answered(token, with: outcome, by: server, at: self)
        }
    }
}
