import CUV

extension Stream {
    func connect(to address: SocketAddress, timeout: Duration) {
        let request = UnsafeMutablePointer<uv_connect_t>.allocate(capacity: 1)
        let code = address.withNative { native, _ in uv_tcp_connect(request, tcp, native, connectEnded) }
        guard code == 0 else {
            request.deallocate()
            return fail(code)
        }
        let deadline = Timer(loop) { [weak self] in self?.fail(UV_ETIMEDOUT.rawValue) }
        self.deadline = deadline
        deadline.start(after: timeout)
    }

    fileprivate func connected(_ code: Int32) {
        guard isOpen else { return }
        guard code == 0 else { return fail(code) }
        deadline?.stop()
        deadline = nil
        if phase == .finishing {
            return endWrites()
        }
        phase = .open
        if !isPaused { startReading() }
        onConnect?()
    }
}

private func connectEnded(_ request: UnsafeMutablePointer<uv_connect_t>?, _ code: Int32) {
    guard let request else { return }
    let stream = Handle.object(of: request.pointee.handle, as: Stream.self)
    request.deallocate()
    stream?.connected(code)
}
