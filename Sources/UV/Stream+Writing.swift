import CUV

extension Stream {
    /// How much of a shared piece is handed to the system in one turn.
    private static let partBytesMax = 64 * 1024

    /// Bytes that the system has not taken yet: what back-pressure goes by. 0 once closed.
    package var writeQueueBytes: Int { isOpen ? uv_stream_get_write_queue_size(stream) + pieces.bytes : 0 }

    /// Sends `bytes` after everything before them. Ignored once it is closed or finishing.
    package func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { write($0) } }

    /// Sends `bytes`, which may be gone when this returns: what the system does not take at once is copied.
    package func write(_ bytes: UnsafeRawBufferPointer) {
        guard isOpen, phase != .finishing, !bytes.isEmpty else { return }
        guard pieces.isEmpty else { return pieces.append(Array(bytes)) }
        var buffer = uv_buf_t(lending: bytes)
        // Refuses by itself while connecting or while earlier bytes wait.
        let taken = uv_try_write(stream, &buffer, 1)
        if taken == bytes.count { return }
        guard taken >= 0 || taken == UV_EAGAIN.rawValue else { return fail(taken) }
        enqueue(UnsafeRawBufferPointer(rebasing: bytes[max(0, Int(taken))...]))
    }

    /// Sends `bytes` after everything before them, without a copy and a part in each turn: for many.
    package func write(shared bytes: [UInt8]) {
        guard isOpen, phase != .finishing, !bytes.isEmpty else { return }
        let isFirst = pieces.isEmpty
        pieces.append(bytes)
        if isFirst { writePart() }
    }

    /// One allocation: libuv's request, then the bytes.
    private func enqueue(_ bytes: UnsafeRawBufferPointer) {
        let header = MemoryLayout<uv_write_t>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: header + bytes.count, alignment: 16)
        let body = UnsafeMutableRawBufferPointer(start: memory + header, count: bytes.count)
        body.copyMemory(from: bytes)
        submit(memory, UnsafeRawBufferPointer(body), writeEnded)
    }

    /// The next part of the first piece.
    private func writePart() {
        turnOfPart = loop.turn
        let memory = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<uv_write_t>.stride, alignment: 16)
        submit(memory, pieces.takePart(bytesMax: Self.partBytesMax), partEnded)
    }

    /// - Parameter memory: of the request, which is freed when it has ended.
    private func submit(_ memory: UnsafeMutableRawPointer, _ bytes: UnsafeRawBufferPointer, _ ended: uv_write_cb) {
        let request = memory.bindMemory(to: uv_write_t.self, capacity: 1)
        var buffer = uv_buf_t(lending: bytes)
        let code = uv_write(request, stream, &buffer, 1, ended)
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
        if writesUnderWay == 0, pieces.isEmpty, phase == .open { onDrained?() }
    }

    /// A new turn begins.
    func writeOn() {
        if isOpen { writePart() }
    }

    fileprivate func wrotePart(_ code: Int32) {
        pieces.endPart()
        if isOpen, code == 0, !pieces.isEmpty {
            // libuv calls this several times in a turn while the system takes all.
            if turnOfPart == loop.turn { loop.writeNextTurn(self) } else { writePart() }
        } else if isOpen, code == 0, phase == .finishing {
            sendEnd()
        }
        wrote(code)
    }
}

private func writeEnded(_ request: UnsafeMutablePointer<uv_write_t>?, _ code: Int32) {
    end(request)?.wrote(code)
}

private func partEnded(_ request: UnsafeMutablePointer<uv_write_t>?, _ code: Int32) {
    end(request)?.wrotePart(code)
}

private func end(_ request: UnsafeMutablePointer<uv_write_t>?) -> Stream? {
    guard let request else { return nil }
    defer { UnsafeMutableRawPointer(request).deallocate() }
    return Handle.object(of: request.pointee.handle, as: Stream.self)
}
