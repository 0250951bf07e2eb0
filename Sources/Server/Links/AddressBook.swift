import Protocol
import UV

/// The socket addresses of nodes, looked up once. IPv4 comes before IPv6: a node whose name has both
/// listens on the first of them (`Startup`).
final class AddressBook {
    private let resolver: Resolver
    private var known: [NodeAddress: [SocketAddress]] = [:]
    private var waiting: [NodeAddress: [(Result<[SocketAddress], IOError>) -> Void]] = [:]

    init(_ loop: Loop) { resolver = Resolver(loop) }

    /// In the order in which they are to be tried. `answer` may be called before this returns.
    func resolve(
        _ address: NodeAddress, answer: @escaping (Result<[SocketAddress], IOError>) -> Void
    ) {
        if let addresses = lookUp(address) { return answer(.success(addresses)) }
        waiting[address, default: []].append(answer)
        guard waiting[address]?.count == 1 else { return }
        resolver.resolve(address.host, port: address.port) { [self] result in
            let sorted = result.map { AddressBook.sorted($0) }
            if case .success(let addresses) = sorted { known[address] = addresses }
            for answer in waiting.removeValue(forKey: address) ?? [] { answer(sorted) }
        }
    }

    /// What is known without waiting; a look-up begins where nothing is.
    func first(of address: NodeAddress) -> SocketAddress? {
        if let first = lookUp(address)?.first { return first }
        resolve(address) { _ in }
        return nil
    }

    /// The name may have moved: it is looked up again the next time.
    func forget(_ address: NodeAddress) { known[address] = nil }

    private func lookUp(_ address: NodeAddress) -> [SocketAddress]? {
        if let number = SocketAddress(ip: address.host, port: address.port) { return [number] }
        return known[address]
    }

    static func sorted(_ addresses: [SocketAddress]) -> [SocketAddress] {
        addresses.filter { $0.family == .ipv4 } + addresses.filter { $0.family == .ipv6 }
    }
}
