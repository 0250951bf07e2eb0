import CUV
import Glibc

/// Names to addresses, by the system's resolver, on libuv's threads.
package struct Resolver {
    package typealias Answer = (Result<[SocketAddress], IOError>) -> Void

    private let loop: Loop

    package init(_ loop: Loop) { self.loop = loop }

    /// Looks up a name or a numeric address. `answer` is called once, from the loop, never before this
    /// returns: with at least one address, in the order in which they are to be tried (RFC 6724), or with an
    /// error like `cannot resolve nosuch.example: unknown node or service`. There is no time limit but the
    /// system's, and `Loop.close()` waits for it.
    package func resolve(_ host: String, port: UInt16, answer: @escaping Answer) {
        let resolution = Resolution(host, port, answer)
        guard !loop.isClosed else { return }
        let request = UnsafeMutablePointer<uv_getaddrinfo_t>.allocate(capacity: 1)
        request.pointee.data = Unmanaged.passRetained(resolution).toOpaque()
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICSERV
        let code = uv_getaddrinfo(loop.native, request, resolved, host, String(port), &hints)
        guard code < 0 else { return }
        request.deallocate()
        Unmanaged.passUnretained(resolution).release()
        let later = Timer(loop) { resolution.finish(code, nil) }
        later.start(after: .zero)
    }
}

/// One look-up under way, owned by its request.
private final class Resolution {
    private let host: String
    private let port: UInt16
    private let answer: Resolver.Answer

    init(_ host: String, _ port: UInt16, _ answer: @escaping Resolver.Answer) {
        self.host = host
        self.port = port
        self.answer = answer
    }

    func finish(_ code: Int32, _ list: UnsafeMutablePointer<addrinfo>?) {
        var addresses: [SocketAddress] = []
        for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
            guard let entry, let address = SocketAddress(entry.pointee.ai_addr) else { continue }
            if !addresses.contains(address) { addresses.append(address.with(port: port)) }
        }
        if code == 0, !addresses.isEmpty {
            answer(.success(addresses))
        } else {
            let code = code == 0 ? UV_EAI_NODATA.rawValue : code
            answer(.failure(IOError(code, "cannot resolve \(host)")))
        }
    }
}

private func resolved(
    _ request: UnsafeMutablePointer<uv_getaddrinfo_t>?, _ code: Int32,
    _ list: UnsafeMutablePointer<addrinfo>?
) {
    defer { uv_freeaddrinfo(list) }
    guard let request, let data = request.pointee.data else { return }
    request.deallocate()
    Unmanaged<Resolution>.fromOpaque(data).takeRetainedValue().finish(code, list)
}
