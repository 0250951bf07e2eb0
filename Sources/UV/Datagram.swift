import CUV
import Glibc

/// A UDP socket. The loop keeps it alive until `close()`. Nothing that a peer or the network does closes it.
package final class Datagram: Handle {
    /// A packet and who sent it. The bytes are gone when it returns; set it before the loop's next turn.
    package var onReceive: ((UnsafeRawBufferPointer, SocketAddress) -> Void)?
    /// Packets that the system did not take: no room, too large, no way to the peer.
    package private(set) var sendsDropped: UInt64 = 0
    /// Errors that the network reported on receiving, mostly peers that no longer listen.
    package private(set) var receiveErrors: UInt64 = 0

    private let udp: UnsafeMutablePointer<uv_udp_t>

    /// Binds to `address`; port 0 takes a free one. A taken port is an error that says so.
    package init(_ loop: Loop, bindTo address: SocketAddress) throws(IOError) {
        let udp = UnsafeMutablePointer<uv_udp_t>.allocate(capacity: 1)
        self.udp = udp
        super.init(loop, udp) { uv_udp_init($0, udp) }
        try created()
        let code = address.withNative { native, _ in uv_udp_bind(udp, native, 0) }
        guard code == 0 else { throw IOError(code, listeningOn: address) }
        try IOError.check(uv_udp_recv_start(udp, lendReadBuffer, received))
        hold()
    }

    /// What it is bound to.
    package var address: SocketAddress? {
        isOpen ? SocketAddress.filled { uv_udp_getsockname(udp, $0, $1) } : nil
    }

    /// Sends one packet, or drops and counts it: UDP promises nothing, so nothing waits here either.
    package func send(_ bytes: [UInt8], to address: SocketAddress) {
        guard isOpen else { return }
        let code = bytes.withUnsafeBytes { bytes in
            var buffer = uv_buf_t(lending: bytes)
            return address.withNative { native, _ in uv_udp_try_send(udp, &buffer, 1, native) }
        }
        if code < 0 { sendsDropped &+= 1 }
    }

    override func didClose() { onReceive = nil }

    fileprivate func receive(
        _ count: Int, _ base: UnsafePointer<CChar>?, from sender: UnsafePointer<sockaddr>?, _ flags: UInt32
    ) {
        guard isOpen else { return }
        guard count >= 0 else { return receiveErrors &+= 1 }
        // Without a sender there is nothing to read; a part of a packet is no packet.
        guard flags & UV_UDP_PARTIAL.rawValue == 0, let sender = SocketAddress(sender) else { return }
        onReceive?(UnsafeRawBufferPointer(start: base, count: count), sender)
    }
}

private func received(
    _ udp: UnsafeMutablePointer<uv_udp_t>?, _ count: Int, _ buffer: UnsafePointer<uv_buf_t>?,
    _ sender: UnsafePointer<sockaddr>?, _ flags: UInt32
) {
    Handle.object(of: udp, as: Datagram.self)?
        .receive(count, buffer?.pointee.base, from: sender, flags)
}

extension uv_buf_t {
    /// libuv's buffers are mutable by type only: a write leaves them alone.
    init(lending bytes: UnsafeRawBufferPointer) {
        let base = bytes.baseAddress.map { UnsafeMutableRawPointer(mutating: $0) }
        self.init(base: base?.assumingMemoryBound(to: CChar.self), len: bytes.count)
    }
}

extension IOError {
    /// Of a bind or listen that failed.
    init(_ code: Int32, listeningOn address: SocketAddress) {
        if code == UV_EADDRINUSE.rawValue {
            self.init(code, saying: "\(address) is in use by another process")
        } else {
            self.init(code, "cannot listen on \(address)")
        }
    }
}
