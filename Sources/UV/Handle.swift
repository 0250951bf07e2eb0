import CUV

/// What every libuv handle has in common: its memory, its way from open to closed, and who keeps it alive.
///
///     open ── close() ──▶ closing ── libuv's close callback ──▶ closed
///
/// - The native struct is allocated once, before `init`, and freed in libuv's close callback.
/// - The native struct knows its object unretained (`data`). `hold()` lets libuv own one reference on top of
///   that, until `release()` or the close callback: a handle that waits for events needs no other owner.
/// - A handle that is not held closes itself when its last owner lets go.
/// - No closure is called once `close()` has been, except `Stream.onClose`.
package class Handle {
    enum State { case open, closing, closed }

    package let loop: Loop
    let raw: UnsafeMutablePointer<uv_handle_t>
    private var state: State
    private var isHeld = false
    private let creation: Int32

    package final var isOpen: Bool { state == .open }

    /// Takes over `native`, which `create` initialises.
    init<Native>(
        _ loop: Loop, _ native: UnsafeMutablePointer<Native>,
        create: (UnsafeMutablePointer<uv_loop_t>) -> Int32
    ) {
        self.loop = loop
        raw = UnsafeMutableRawPointer(native).assumingMemoryBound(to: uv_handle_t.self)
        creation = loop.isClosed ? UV_ECANCELED.rawValue : create(loop.native)
        state = creation == 0 ? .open : .closed
        if creation == 0 {
            raw.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        } else {
            native.deallocate()
        }
    }

    deinit {
        guard state == .open else { return }
        raw.pointee.data = nil
        uv_close(raw, closed)
    }

    /// Throws if there is no native handle: the loop is closed, or the system refused it.
    final func created() throws(IOError) { try IOError.check(creation) }

    /// Ends it; a second time does nothing.
    package final func close() {
        guard state == .open else { return }
        hold()
        state = .closing
        uv_close(raw, closed)
        willClose()
    }

    /// Lets libuv own the object. Once, however often it is said.
    final func hold() {
        guard state == .open, !isHeld else { return }
        isHeld = true
        _ = Unmanaged.passRetained(self)
    }

    /// Takes that back, while open.
    final func release() {
        guard state == .open, isHeld else { return }
        isHeld = false
        Unmanaged.passUnretained(self).release()
    }

    /// In `close()`, after the native handle has stopped.
    func willClose() {}

    /// Last word, when the native handle is gone: let go of the closures here.
    func didClose() {}

    fileprivate final func finish() {
        state = .closed
        didClose()
    }

    /// The object behind a native handle, for the callbacks.
    static func object<Native, Object: Handle>(
        of native: UnsafeMutablePointer<Native>?, as: Object.Type = Object.self
    ) -> Object? {
        guard let native else { return nil }
        let raw = UnsafeMutableRawPointer(native).assumingMemoryBound(to: uv_handle_t.self)
        return raw.pointee.data.map { Unmanaged<Object>.fromOpaque($0).takeUnretainedValue() }
    }
}

private func closed(_ raw: UnsafeMutablePointer<uv_handle_t>?) {
    guard let raw else { return }
    // Nil when the object went away first; else `close()` made libuv its owner.
    let object = raw.pointee.data.map { Unmanaged<Handle>.fromOpaque($0).takeRetainedValue() }
    UnsafeMutableRawPointer(raw).deallocate()
    object?.finish()
}
