import UV

/// Deadlines, looked at a few times a second while requests are under way.
extension Session {
    func startTicking() {
        guard let ticker, !ticker.isStarted else { return }
        let interval = min(max(options.timeout / 20, .milliseconds(5)), .milliseconds(100))
        ticker.start(after: interval, every: interval)
    }

    func onTick() {
        let time = now
        if let first = sent.first, first.deadline <= time {
            // Its answer would be the next one; what came later on this connection waits behind it.
            for exchange in sent.remove(where: { $0.mayRepeat && $0.deadline <= time }) {
                exchange.giveUp(.unavailable, timedOut("no answer"))
            }
            onBroken("no answer within \(options.timeout.words)")
        } else if isStalled(time) {
            onBroken("no word for \((options.timeout / 2).words)")
        }
        for exchange in waiting.remove(where: { $0.deadline <= time }) {
            exchange.giveUp(.unavailable, timedOut("no server could be asked"))
        }
        if sent.isEmpty, waiting.isEmpty { ticker?.stop() }
    }

    /// What may be sent again goes on with another server before its time is over.
    private func isStalled(_ time: UInt64) -> Bool {
        guard case .connected(let server, _) = link, !sent.isEmpty, servers.hasOther(than: server) else { return false }
        return heardAt + options.timeout.milliseconds / 2 <= time && sent.all.allSatisfy(\.mayRepeat)
    }

    private func timedOut(_ what: String) -> String {
        "unavailable: \(what) within \(options.timeout.words)"
    }
}

extension Duration {
    /// Whole milliseconds; 0 for a negative one, at most a hundred years.
    var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        return UInt64(min(seconds, 3_155_760_000)) * 1_000 + UInt64(attoseconds / 1_000_000_000_000_000)
    }

    /// `5 s`, `250 ms`.
    var words: String {
        milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
    }
}
