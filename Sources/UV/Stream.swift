import CUV
import Glibc

/// A TCP connection. The loop keeps it alive until it is closed; its closures are called from the loop only,
/// never from inside a call to it, and let go of when it is closed.
///
///     connecting ──▶ open ── shutdownAfterWrites() ──▶ finishing ──▶ closed
///         └────────────┴── close(), end of file, error ─────────────────▲
///
/// - Bytes are delivered and sent in order; `onClose` comes exactly once and last.
/// - What is written while connecting is sent when the connection stands.
/// - While paused it does not notice the end of the connection.
package final class Stream: Handle {
    enum Phase { case connecting, open, finishing }

    /// The connection stands. Not called for an accepted one, which already does.
    package var onConnect: (() -> Void)?
    /// Bytes that came in, up to 64 KiB. They are gone when it returns.
    package var onRead: ((UnsafeRawBufferPointer) -> Void)?
    /// The peer sends no more but may still read. Without this closure the stream is then closed; with it,
    /// that is up to the owner: answer what is left, then `shutdownAfterWrites()`.
    package var onEnd: (() -> Void)?
    /// All bytes written have gone to the system, after some had to wait.
    package var onDrained: (() -> Void)?
    /// The last callback.
    package var onClose: ((CloseReason) -> Void)?

    let tcp: UnsafeMutablePointer<uv_tcp_t>
    var phase: Phase
    var isPaused = false
    /// The peer has sent its end.
    var isAtEnd = false
    /// This side has sent its end, after all its bytes.
    var hasSentEnd = false
    /// Requests that libuv has taken and not finished.
    var writesUnderWay = 0
    /// How often it is read in one turn where it brings the loop's whole buffer each time, so that others are served between;
    /// by default as often as libuv does.
    package var readsPerTurn = Int.max
    /// The latest turn that read as much as there is room for, and how often it has.
    var turnOfReads: UInt64 = 0
    var readsOfTurn = 0
    /// What is written part by part, one of them at a time in libuv.
    var pieces = SharedPieces()
    var turnOfPart: UInt64 = 0
    /// Bounds connecting, later finishing.
    var deadline: Timer?
    private var reason = CloseReason.local

    /// Takes over a connected socket, except when it throws. Starts reading.
    init(_ loop: Loop, accepted descriptor: Int32) throws(IOError) {
        let tcp = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
        self.tcp = tcp
        phase = .open
        super.init(loop, tcp) { uv_tcp_init($0, tcp) }
        try created()
        setOptions()
        try IOError.check(uv_tcp_open(tcp, descriptor))
        hold()
        startReading()
    }

    /// Connects to `address`. Whatever goes wrong arrives in `onClose`: `connection refused`, or `connection
    /// timed out` after `timeout`. On a closed loop nothing happens.
    package init(_ loop: Loop, connectingTo address: SocketAddress, timeout: Duration) {
        let tcp = UnsafeMutablePointer<uv_tcp_t>.allocate(capacity: 1)
        self.tcp = tcp
        phase = .connecting
        super.init(loop, tcp) { uv_tcp_init($0, tcp) }
        guard isOpen else { return }
        setOptions()
        hold()
        connect(to: address, timeout: timeout)
    }

    /// The other end; nil while there is none.
    package var remoteAddress: SocketAddress? {
        isOpen ? SocketAddress.filled { uv_tcp_getpeername(tcp, $0, $1) } : nil
    }

    package var localAddress: SocketAddress? {
        isOpen ? SocketAddress.filled { uv_tcp_getsockname(tcp, $0, $1) } : nil
    }

    package var isConnected: Bool { isOpen && phase != .connecting }

    /// libuv keeps both until there is a socket.
    private func setOptions() {
        uv_tcp_nodelay(tcp, 1)
        uv_tcp_keepalive(tcp, 1, 60)
    }

    /// libuv's view of it as a stream.
    var stream: UnsafeMutablePointer<uv_stream_t> {
        UnsafeMutableRawPointer(tcp).assumingMemoryBound(to: uv_stream_t.self)
    }

    /// Closes it for a reason other than the owner's wish.
    func close(because reason: CloseReason) {
        guard isOpen else { return }
        self.reason = reason
        close()
    }

    func fail(_ code: Int32) { close(because: .failed(IOError(code))) }

    override func willClose() { deadline?.stop() }

    override func didClose() {
        let last = onClose
        pieces = SharedPieces()
        onConnect = nil
        onRead = nil
        onEnd = nil
        onDrained = nil
        onClose = nil
        deadline = nil
        last?(reason)
    }
}
