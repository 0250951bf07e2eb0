import CUV
import Glibc

/// One event loop. It belongs to the thread that made it: everything of it and of its handles is used there
/// and nowhere else, except `Wakeup.wake()`. Nothing is global, so a process can have several.
///
/// Who owns whom: a handle keeps its loop alive, and libuv keeps an open handle alive (`Handle`), so a loop
/// with open handles lives until `close()`. A closed handle lets go of its closures, so closures may hold
/// whatever they like as long as somebody closes.
///
/// One turn:
///
///     timers → onTurnEnd → wait for I/O → reads, writes, datagrams, wakeups, signals → onClose → timers …
///
/// `onTurnEnd` therefore comes exactly once a turn, after everything that the last wait brought and the
/// timers that came due meanwhile, right before the loop waits again.
package final class Loop {
    /// Bytes of the one buffer that every read of this loop goes through.
    static let readBufferSize = 65_536

    /// The place for work gathered over a turn: one write for each connection, one sync for all.
    package var onTurnEnd: (() -> Void)?
    package private(set) var isClosed = false
    package private(set) var isRunning = false

    /// Counts them.
    private(set) var turn: UInt64 = 0
    private var readsPutOff: [Stream] = []
    private var writesPutOff: [Stream] = []

    let native: UnsafeMutablePointer<uv_loop_t>
    /// libuv's prepare phase is the one that comes after every other callback and before the wait.
    private let prepare: UnsafeMutablePointer<uv_prepare_t>
    private let readBuffer: UnsafeMutableRawPointer

    package init() throws(IOError) {
        native = .allocate(capacity: 1)
        prepare = .allocate(capacity: 1)
        readBuffer = .allocate(byteCount: Loop.readBufferSize, alignment: 64)
        let code = uv_loop_init(native)
        guard code == 0 else {
            isClosed = true
            deallocate()
            throw IOError(code, "cannot make an event loop")
        }
        native.pointee.data = readBuffer
        uv_prepare_init(native, prepare)
        prepare.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        uv_prepare_start(prepare, turnEnds)
        // It must not keep a loop running that has nothing else to do.
        uv_unref(UnsafeMutableRawPointer(prepare).assumingMemoryBound(to: uv_handle_t.self))
    }

    deinit { close() }

    /// Runs until `stop()`, or until no handle is left that could call back.
    package func run() {
        precondition(!isClosed && !isRunning, "a loop runs once at a time and not after close()")
        isRunning = true
        uv_run(native, UV_RUN_DEFAULT)
        endTurn()
        isRunning = false
    }

    /// Ends `run()` after this turn, and its `onTurnEnd`. Not thread-safe: use a `Wakeup`.
    package func stop() { uv_stop(native) }

    /// Closes all handles, waits for look-ups that are under way, frees everything. Streams hear `onClose`;
    /// nothing calls back after it. Not to be called from a callback of this loop. Harmless the second time.
    package func close() {
        guard !isClosed else { return }
        precondition(!isRunning, "close() a loop after run() has returned")
        isClosed = true
        onTurnEnd = nil
        readsPutOff = []
        writesPutOff = []
        uv_walk(native, closeHandle, nil)
        while uv_loop_close(native) == UV_EBUSY.rawValue { uv_run(native, UV_RUN_DEFAULT) }
        deallocate()
    }

    fileprivate func endTurn() {
        onTurnEnd?()
        turn &+= 1
        guard !readsPutOff.isEmpty || !writesPutOff.isEmpty else { return }
        let (reads, writes) = (readsPutOff, writesPutOff)
        readsPutOff.removeAll(keepingCapacity: true)
        writesPutOff.removeAll(keepingCapacity: true)
        for stream in reads { stream.readOn() }
        for stream in writes { stream.writeOn() }
    }

    /// The stream has been read enough in this turn.
    func readNextTurn(_ stream: Stream) { readsPutOff.append(stream) }

    /// The stream has been written enough in this turn.
    func writeNextTurn(_ stream: Stream) { writesPutOff.append(stream) }

    private func deallocate() {
        native.deallocate()
        prepare.deallocate()
        readBuffer.deallocate()
    }
}

extension Loop {
    /// Nanoseconds on the monotonic clock, now.
    package var now: UInt64 { uv_hrtime() }

    /// Milliseconds on the monotonic clock when this turn began: free, and behind by what the turn has done.
    package var turnTime: UInt64 { isClosed ? 0 : uv_now(native) }

    /// Milliseconds since 1970, now.
    package var walltime: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(max(0, time.tv_sec)) * 1_000 + UInt64(time.tv_nsec) / 1_000_000
    }

    /// How many handles libuv holds, those that are being closed included. A look for leaks.
    package var handleCount: Int {
        guard !isClosed else { return 0 }
        var count = 0
        withUnsafeMutablePointer(to: &count) { uv_walk(native, countHandle, $0) }
        return count - 1  // the loop's own
    }
}

private func turnEnds(_ prepare: UnsafeMutablePointer<uv_prepare_t>?) {
    guard let data = prepare?.pointee.data else { return }
    Unmanaged<Loop>.fromOpaque(data).takeUnretainedValue().endTurn()
}

private func countHandle(_: UnsafeMutablePointer<uv_handle_t>?, _ count: UnsafeMutableRawPointer?) {
    count?.assumingMemoryBound(to: Int.self).pointee += 1
}

private func closeHandle(_ raw: UnsafeMutablePointer<uv_handle_t>?, _: UnsafeMutableRawPointer?) {
    guard let raw, uv_is_closing(raw) == 0 else { return }
    if raw.pointee.type == UV_PREPARE {
        uv_close(raw, nil)
    } else {
        Handle.object(of: raw, as: Handle.self)?.close()
    }
}

/// Gives libuv the loop's buffer for a read; what comes in it is gone after the callback.
func lendReadBuffer(
    _ raw: UnsafeMutablePointer<uv_handle_t>?, _: Int, _ buffer: UnsafeMutablePointer<uv_buf_t>?
) {
    let memory = raw?.pointee.loop.pointee.data
    buffer?.pointee = uv_buf_t(
        base: memory?.assumingMemoryBound(to: CChar.self), len: memory == nil ? 0 : Loop.readBufferSize)
}
