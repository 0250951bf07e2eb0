import Foundation
import Synchronization

/// Ports of the loopback that nobody uses, for TCP and for UDP.
///
/// They lie below the range from which the system takes ports for outgoing connections, so that nobody gets
/// one while its node is being restarted. None is given twice: who got it may not have taken it yet.
enum FreePorts {
    private static let given = Mutex<Set<UInt16>>([])

    static func next(_ count: Int) throws -> [UInt16] {
        var ports: Set<UInt16> = []
        try poll(until: "\(count) free ports", every: .zero) {
            let port = UInt16.random(in: 12_000..<32_000)
            if isFree(port, SOCK_STREAM), isFree(port, SOCK_DGRAM), given.withLock({ $0.insert(port).inserted }) {
                ports.insert(port)
            }
            return ports.count == count
        }
        return Array(ports)
    }

    private static func isFree(_ port: UInt16, _ kind: __socket_type) -> Bool {
        guard let descriptor = bind(port, kind) else { return false }
        close(descriptor)
        return true
    }

    /// A socket that holds the port; nil when it is taken.
    static func bind(_ port: UInt16, _ kind: __socket_type) -> Int32? {
        let descriptor = socket(AF_INET, Int32(kind.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0, kind != SOCK_STREAM || listen(descriptor, 1) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
