import CUV
import Glibc

/// An IPv4 or IPv6 address and a port. Equal addresses have equal bytes: an IPv4 address that arrived on an
/// IPv6 socket (`::ffff:127.0.0.1`) is held as the IPv4 address that it is.
package struct SocketAddress: Hashable, Sendable {
    package enum Family: Hashable, Sendable { case ipv4, ipv6 }

    package let family: Family
    package let port: UInt16
    /// Of a link-local IPv6 address: the interface; else 0.
    private let scope: UInt32
    /// The address as one big-endian number of 128 bits; an IPv4 address in the last 32.
    private let high: UInt64
    private let low: UInt64

    /// - Parameter ip: `127.0.0.1`, `::1`, `fe80::1%eth0`; nil for anything that is not a number.
    package init?(ip: String, port: UInt16) {
        var v4 = sockaddr_in()
        var v6 = sockaddr_in6()
        if uv_ip4_addr(ip, Int32(port), &v4) == 0 {
            self.init(v4)
        } else if uv_ip6_addr(ip, Int32(port), &v6) == 0 {
            self.init(v6)
        } else {
            return nil
        }
    }

    init(_ address: sockaddr_in) {
        family = .ipv4
        port = UInt16(bigEndian: address.sin_port)
        scope = 0
        high = 0
        low = UInt64(UInt32(bigEndian: address.sin_addr.s_addr))
    }

    init(_ address: sockaddr_in6) {
        let (high, low) = withUnsafeBytes(of: address.sin6_addr) {
            (
                UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        family = isMapped ? .ipv4 : .ipv6
        port = UInt16(bigEndian: address.sin6_port)
        scope = isMapped ? 0 : address.sin6_scope_id
        self.high = high
        self.low = isMapped ? low & 0xFFFF_FFFF : low
    }

    /// Nil for another family than IPv4 and IPv6.
    init?(_ address: UnsafePointer<sockaddr>?) {
        guard let address else { return nil }
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: self.init(raw.loadUnaligned(as: sockaddr_in.self))
        case AF_INET6: self.init(raw.loadUnaligned(as: sockaddr_in6.self))
        default: return nil
        }
    }

    /// The same address with another port.
    package func with(port: UInt16) -> SocketAddress {
        SocketAddress(family: family, port: port, scope: scope, high: high, low: low)
    }

    private init(family: Family, port: UInt16, scope: UInt32, high: UInt64, low: UInt64) {
        self.family = family
        self.port = port
        self.scope = scope
        self.high = high
        self.low = low
    }

    /// Reachable from this machine only: 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        switch family {
        case .ipv4: low >> 24 == 127
        case .ipv6: high == 0 && low == 1
        }
    }

    /// All addresses of this machine: 0.0.0.0 and ::.
    package var isUnspecified: Bool { high == 0 && low == 0 }
}

extension SocketAddress {
    /// As the system's calls take it, with its length.
    func withNative<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch family {
        case .ipv4:
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(truncatingIfNeeded: low).bigEndian
            return SocketAddress.lend(&address, body)
        case .ipv6:
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            address.sin6_scope_id = scope
            withUnsafeMutableBytes(of: &address.sin6_addr) {
                $0.storeBytes(of: high.bigEndian, as: UInt64.self)
                $0.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return SocketAddress.lend(&address, body)
        }
    }

    private static func lend<Native, Result>(
        _ address: inout Native, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<Native>.size))
            }
        }
    }

    /// What a call like `getsockname` fills in; nil when it fails.
    static func filled(
        by call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<Int32>) -> Int32
    ) -> SocketAddress? {
        var storage = sockaddr_storage()
        var length = Int32(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, &length) == 0 ? SocketAddress($0) : nil
            }
        }
    }
}

extension SocketAddress: CustomStringConvertible {
    /// Without port and brackets: `127.0.0.1`, `::1`, `fe80::1%2`.
    package var ip: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
            _ = withNative { address, _ in uv_ip_name(address, text.baseAddress, text.count) }
            let name = text.baseAddress.map { String(cString: $0) } ?? ""
            return scope == 0 ? name : "\(name)%\(scope)"
        }
    }

    /// `127.0.0.1:8081`, `[::1]:8081`.
    package var description: String { family == .ipv6 ? "[\(ip)]:\(port)" : "\(ip):\(port)" }
}
