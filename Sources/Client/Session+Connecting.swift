import Protocol
import UV

extension Session {
    /// Begins to connect when requests wait for it; ends them when no server is left to try.
    func connectIfNeeded() {
        guard case .idle = link, !waiting.isEmpty else { return }
        guard let server = servers.next else {
            let complaint = servers.complaint
            for exchange in waiting.remove() { exchange.giveUp(.unavailable, complaint) }
            return
        }
        attempts += 1
        let attempt = attempts
        link = .connecting(attempt: attempt)
        Resolver(loop).resolve(server.host, port: server.port) { [weak self] result in
            guard let self, awaits(attempt) else { return }
            switch result {
            case .success(let addresses): connect(to: server, addresses[...], attempt)
            case .failure(let error): onUnreachable(server, error.text)
            }
        }
    }

    private func awaits(_ attempt: Int) -> Bool {
        if case .connecting(attempt) = link { true } else { false }
    }

    /// Tries the addresses of one server, one after the other.
    private func connect(to server: NodeAddress, _ addresses: ArraySlice<SocketAddress>, _ attempt: Int) {
        guard let address = addresses.first else { return }
        let stream = Stream(loop, connectingTo: address, timeout: options.connectTimeout)
        stream.onConnect = { [weak self, unowned stream] in
            guard let self, awaits(attempt) else { return stream.close() }
            onConnected(server, stream)
        }
        stream.onClose = { [weak self] reason in
            guard let self, awaits(attempt) else { return }
            if addresses.count > 1 {
                connect(to: server, addresses.dropFirst(), attempt)
            } else {
                onUnreachable(server, reason.description)
            }
        }
    }

    private func onUnreachable(_ server: NodeAddress, _ reason: String) {
        link = .idle
        servers.fail(server, reason)
        connectIfNeeded()
    }

    private func onConnected(_ server: NodeAddress, _ stream: Stream) {
        link = .connected(server, stream)
        framer = JSONFramer()
        stream.onRead = { [unowned self] bytes in onBytes(bytes) }
        stream.onClose = { [unowned self] reason in onBroken(reason.description) }
        learner?.start(after: options.learnDelay, every: options.learnInterval)
        sendWaiting()
    }

    /// The connection is gone, or this side gives it up.
    func onBroken(_ reason: String, cause: (any Error)? = nil) {
        guard case .connected(let server, let stream) = link else { return }
        stream.onClose = nil
        stream.close()
        link = .idle
        learner?.stop()
        servers.fail(server, reason)
        let interrupted = sent.remove().filter { !$0.isFromSession }
        waiting.prepend(interrupted.filter(\.mayRepeat))
        for exchange in interrupted where !exchange.mayRepeat {
            exchange.giveUp(.unavailable, "\(server) did not answer (\(reason))", cause: cause)
        }
        connectIfNeeded()
    }
}
