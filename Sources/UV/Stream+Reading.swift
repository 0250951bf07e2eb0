import CUV

extension Stream {
    /// Stops `onRead` at once, even inside of it; what arrives waits in the system, and then at the peer.
    package func pauseReading() {
        guard isOpen, !isPaused, phase != .finishing else { return }
        isPaused = true
        uv_read_stop(stream)
    }

    package func resumeReading() {
        guard isOpen, isPaused else { return }
        isPaused = false
        if phase == .open { startReading() }
    }

    func startReading() {
        guard isOpen, !isAtEnd else { return }
        let code = uv_read_start(stream, lendReadBuffer, readEnded)
        if code < 0, code != UV_EALREADY.rawValue { fail(code) }
    }

    fileprivate func read(_ count: Int, _ base: UnsafePointer<CChar>?) {
        guard isOpen, count != 0 else { return }
        if count > 0 {
            // While finishing, bytes are taken in only so that the system does not answer them with a reset.
            if phase == .open { onRead?(UnsafeRawBufferPointer(start: base, count: count)) }
            if count == Loop.readBufferSize { boundReading() }
        } else if count == Int(UV_EOF.rawValue) {
            endReading()
        } else if hasSentEnd {
            close()
        } else {
            fail(Int32(truncatingIfNeeded: count))
        }
    }

    /// What comes in many large pieces is left for the next turn, in which others are read too.
    private func boundReading() {
        if turnOfReads != loop.turn { (turnOfReads, readsOfTurn) = (loop.turn, 0) }
        readsOfTurn += 1
        guard readsOfTurn == readsPerTurn, isOpen, !isPaused else { return }
        uv_read_stop(stream)
        loop.readNextTurn(self)
    }

    /// A new turn begins.
    func readOn() {
        guard isOpen, !isPaused, phase != .connecting else { return }
        startReading()
    }

    private func endReading() {
        isAtEnd = true
        uv_read_stop(stream)
        if phase == .finishing {
            finishIfBothEnded()
        } else if let onEnd {
            onEnd()
        } else {
            close(because: .endOfFile)
        }
    }
}

private func readEnded(
    _ stream: UnsafeMutablePointer<uv_stream_t>?, _ count: Int, _ buffer: UnsafePointer<uv_buf_t>?
) {
    Handle.object(of: stream, as: Stream.self)?.read(count, buffer?.pointee.base)
}
