import CUV
import Glibc

/// Takes in TCP connections. The loop keeps it alive until `close()`.
///
/// It calls `accept` itself on a polled socket instead of using `uv_listen`: libuv 1.44 tries again at once,
/// without end, when accepting fails and its one reserve descriptor is gone, and it accepts without bound in
/// one turn. Here at most `acceptsPerTurn` come in a turn, and a failure (mostly: too many open files) pauses
/// it for `pauseAfterFailure` while connections wait in the system's queue.
package final class Listener: Handle {
    private static let backlog: Int32 = 1_024
    private static let acceptsPerTurn = 64
    private static let pauseAfterFailure = Duration.milliseconds(100)

    /// A new connection, already reading: set its closures before this returns, or close it.
    package var onConnection: ((Stream) -> Void)?
    /// Accepting failed and pauses. For the log.
    package var onFailure: ((IOError) -> Void)?
    /// What it is bound to; port 0 has become a real one.
    package let address: SocketAddress

    private let descriptor: Int32
    private let poll: UnsafeMutablePointer<uv_poll_t>
    private var retry: Timer?

    /// Listens on `address`; port 0 takes a free one. Never shares a port: a taken one is an error that says
    /// so.
    package init(_ loop: Loop, on address: SocketAddress) throws(IOError) {
        let descriptor = try Listener.listen(on: address)
        let poll = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
        self.descriptor = descriptor
        self.poll = poll
        self.address = SocketAddress.bound(to: descriptor) ?? address
        super.init(loop, poll) { uv_poll_init($0, poll, descriptor) }
        do {
            try created()
            try IOError.check(uv_poll_start(poll, Int32(UV_READABLE.rawValue), ready))
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        hold()
    }

    override func willClose() {
        Glibc.close(descriptor)
        retry?.stop()
    }

    override func didClose() {
        onConnection = nil
        onFailure = nil
        retry = nil
    }

    fileprivate func accept() {
        for _ in 0..<Listener.acceptsPerTurn where isOpen {
            let connection = Glibc.accept(descriptor, nil, nil)
            if connection >= 0 {
                admit(connection)
                continue
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EAGAIN: return
            default: return pause(IOError(IOError.last, "cannot accept connections on \(address)"))
            }
        }
    }

    private func admit(_ connection: Int32) {
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        do {
            let stream = try Stream(loop, accepted: connection)
            guard let onConnection else { return stream.close() }
            onConnection(stream)
        } catch {
            Glibc.close(connection)
        }
    }

    private func pause(_ error: IOError) {
        uv_poll_stop(poll)
        let retry = self.retry ?? Timer(loop) { [unowned self] in resume() }
        self.retry = retry
        retry.start(after: Listener.pauseAfterFailure)
        onFailure?(error)
    }

    private func resume() {
        guard isOpen else { return }
        uv_poll_start(poll, Int32(UV_READABLE.rawValue), ready)
    }
}

extension Listener {
    private static func listen(on address: SocketAddress) throws(IOError) -> Int32 {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let type = SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue
        let descriptor = socket(family, Int32(type), 0)
        guard descriptor >= 0 else { throw IOError(IOError.last, listeningOn: address) }
        // Not SO_REUSEPORT: only lets a port be taken again whose old connections are in TIME_WAIT.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard address.withNative({ Glibc.bind(descriptor, $0, $1) }) == 0,
            Glibc.listen(descriptor, backlog) == 0
        else {
            let code = IOError.last
            Glibc.close(descriptor)
            throw IOError(code, listeningOn: address)
        }
        return descriptor
    }
}

extension SocketAddress {
    fileprivate static func bound(to descriptor: Int32) -> SocketAddress? {
        filled { address, length in
            length.withMemoryRebound(to: socklen_t.self, capacity: 1) {
                getsockname(descriptor, address, $0)
            }
        }
    }
}

private func ready(_ poll: UnsafeMutablePointer<uv_poll_t>?, _: Int32, _: Int32) {
    Handle.object(of: poll, as: Listener.self)?.accept()
}
