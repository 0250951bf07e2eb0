import CUV

extension Stream {
    /// How long the peer has to take what is still to be written.
    private static let writeTime = Duration.seconds(30)
    /// How long it has then to close its side.
    private static let lingerTime = Duration.seconds(1)

    /// Closes once all bytes written so far are sent; no more are read or written. Waits a little for the
    /// peer to close too: closing a socket with unread bytes would make the system throw away the bytes that
    /// the peer has not read yet. The reason given to `onClose` is `local`, unless it breaks before.
    package func shutdownAfterWrites() {
        guard isOpen, phase != .finishing else { return }
        let wasConnecting = phase == .connecting
        phase = .finishing
        guard !wasConnecting else { return }
        endWrites()
    }

    /// Sends the end, now or behind the pieces that are under way.
    func endWrites() {
        if pieces.isEmpty { sendEnd() } else { limit(Stream.writeTime) }
    }

    /// libuv sends it after the writes that it holds.
    func sendEnd() {
        let request = UnsafeMutablePointer<uv_shutdown_t>.allocate(capacity: 1)
        let code = uv_shutdown(request, stream, endSent)
        guard code == 0 else {
            request.deallocate()
            return fail(code)
        }
        limit(Stream.writeTime)
        isPaused = false
        startReading()
    }

    fileprivate func sentEnd(_ code: Int32) {
        guard isOpen else { return }
        guard code == 0 else { return fail(code) }
        hasSentEnd = true
        limit(Stream.lingerTime)
        finishIfBothEnded()
    }

    func finishIfBothEnded() {
        if hasSentEnd && isAtEnd { close() }
    }

    private func limit(_ time: Duration) {
        let deadline = self.deadline ?? Timer(loop) { [weak self] in self?.runOutOfTime() }
        self.deadline = deadline
        deadline.start(after: time)
    }

    private func runOutOfTime() {
        if hasSentEnd { close() } else { fail(UV_ETIMEDOUT.rawValue) }
    }
}

private func endSent(_ request: UnsafeMutablePointer<uv_shutdown_t>?, _ code: Int32) {
    guard let request else { return }
    let stream = Handle.object(of: request.pointee.handle, as: Stream.self)
    request.deallocate()
    stream?.sentEnd(code)
}
