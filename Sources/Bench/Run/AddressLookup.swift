import Protocol
import UV

/// Names of servers to addresses.
enum AddressLookup {
    /// One for each server. Runs the loop until all are known.
    static func resolve(_ servers: [NodeAddress], on loop: Loop) throws(BenchError) -> [SocketAddress] {
        var found: [SocketAddress] = []
        for server in servers { found.append(try resolve(server, on: loop)) }
        return found
    }

    /// Its first address. Of a name with one of IPv4 that one: `localhost` is there first on many machines, where nobody
    /// listens.
    static func resolve(_ server: NodeAddress, on loop: Loop) throws(BenchError) -> SocketAddress {
        var answer: Result<[SocketAddress], IOError>?
        Resolver(loop).resolve(server.host, port: server.port) {
            answer = $0
            loop.stop()
        }
        while answer == nil { loop.run() }
        switch answer {
        case .success(let addresses):
            guard let address = addresses.first(where: { $0.family == .ipv4 }) ?? addresses.first else { break }
            return address
        case .failure(let error): throw BenchError(error.text)
        case nil: break
        }
        throw BenchError("cannot resolve \(server.host)")
    }
}
