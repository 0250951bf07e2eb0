extension Connection {
    /// - Returns: false for a reply to nothing.
    func onReply(_ kind: ReplyKind, _ now: UInt64) -> Bool {
        guard let next = queue.nextAnswered else { return false }
        switch next.role {
        case .setup:
            _ = queue.takeAnswered()
            if kind == .error {
                generator.giveUp("the server does not know CLIENT CONSISTENCY (\(scanner.errorText)): leave -consistency out")
            } else {
                becomeReady()
            }
        case .wait: onWait(kind, now)
        case .operation where generator.plan.waitReplicas > 0:
            if kind == .error { generator.tally.fail(scanner.errorText) }
            queue.hold(failed: kind == .error)
        case .operation, .secondStep:
            _ = queue.takeAnswered()
            onReply(kind, to: next, now)
        }
        return true
    }

    private func onReply(_ kind: ReplyKind, to request: InFlight, _ now: UInt64) {
        if kind == .error { return generator.tally.fail(scanner.errorText) }
        if request.verb == .rmw, request.role == .operation { return writeAfterRead(request) }
        if kind == .miss, request.verb == .get { generator.tally.misses += 1 }
        // Keys that are there already are what filling expects.
        if kind == .conflict, request.verb != .fill { generator.tally.conflicts += 1 }
        generator.tally.record(request.verb, now &- min(now, request.intended))
    }

    private func writeAfterRead(_ request: InFlight) {
        let value = generator.nextValue()
        scanner.withVersion { version in
            generator.forms.appendWrite(key: request.key, value: value, version: version, to: &output)
        }
        var second = request
        second.role = .secondStep
        queue.append(second)
    }

    private func onWait(_ kind: ReplyKind, _ now: UInt64) {
        if kind == .error {
            generator.tally.note(scanner.errorText)
        } else if scanner.number < generator.plan.waitReplicas {
            generator.tally.note("WAIT: \(scanner.number) replicas instead of \(generator.plan.waitReplicas)")
        }
        for _ in 0..<queue.heldCount {
            guard let request = queue.takeFirst(), !request.hasFailed else { continue }
            generator.tally.record(request.verb, now &- min(now, request.intended))
        }
        _ = queue.takeAnswered()
    }
}
