import CUV

extension Stream {
    /// Bytes that the system has not taken yet: what back-pressure goes by. 0 once closed.
    package var writeQueueBytes: Int { isOpen ? uv_stream_get_write_queue_size(stream) : 0 }

    /// Sends `bytes` after everything before them. Ignored once it is closed or finishing.
    package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

    /// Sends `bytes`, which may be gone when this returns: what the system does not take at once is copied.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        guard isOpen, phase != .finishing, !bytes.isEmpty else { return }
        var buffer = uv_buf_t(lending: bytes)
        // Refuses by itself while connecting or while earlier bytes wait.
        let taken = uv_try_write(stream, &buffer, 1)
        if taken == bytes.count { return }
        guard taken >= 0 || taken == UV_EAGAIN.rawValue else { return fail(taken) }
        enqueue(UnsafeRawBufferPointer(rebasing: bytes[max(0, Int(taken))...]))
    }

    /// One allocation: libuv's request, then the bytes.
    private func enqueue(_ bytes: UnsafeRawBufferPointer) {
        let header = MemoryLayout<uv_write_t>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: header + bytes.count, alignment: 16)
        let body = UnsafeMutableRawBufferPointer(start: memory + header, count: bytes.count)
        body.copyMemory(from: bytes)
        let request = memory.bindMemory(to: uv_write_t.self, capacity: 1)
        var buffer = uv_buf_t(lending: UnsafeRawBufferPointer(body))
        let code = uv_write(request, stream, &buffer, 1, writeEnded)
        guard code == 0 else {
            memory.deallocate()
            return fail(code)
        }
        writesUnderWay += 1
    }

    fileprivate func wrote(_ code: Int32) {
        writesUnderWay -= 1
        guard isOpen else { return }
        guard code == 0 else { return fail(code) }
        if writesUnderWay == 0, phase == .open { onDrained?() }
    }
}

private func writeEnded(_ request: UnsafeMutablePointer<uv_write_t>?, _ code: Int32) {
    guard let request else { return }
    let stream = Handle.object(of: request.pointee.handle, as: Stream.self)
    UnsafeMutableRawPointer(request).deallocate()
    stream?.wrote(code)
}
