import Flags
import Protocol

/// What is measured: servers of one kind.
package struct Target: Equatable, Sendable {
    package enum Kind: String, CaseIterable, Sendable { case torc, redis, etcd }

    package let kind: Kind
    /// Connections go to them in turn.
    package let addresses: [NodeAddress]

    package init(kind: Kind, addresses: [NodeAddress]) {
        self.kind = kind
        self.addresses = addresses
    }

    /// As it is written on the command line.
    package var description: String {
        let list = addresses.map(\.description).joined(separator: ",")
        return kind == .torc ? list : "\(kind.rawValue)://\(list)"
    }

    /// What it is to be spoken to in.
    /// - Parameter wire: what was asked for; nil: its own.
    func dialect(_ wire: WireProtocol?) throws(BenchError) -> Dialect {
        switch (kind, wire) {
        case (.torc, nil), (.torc, .resp), (.redis, nil), (.redis, .resp): return .resp
        case (.torc, .json): return .json
        case (.torc, .http):
            throw .usage("a Torc node does not serve keys over HTTP: use -protocol resp or json (http is etcd's, as in etcd://\(addresses[0]))")
        case (.redis, .json), (.redis, .http):
            throw .usage("a Redis speaks resp only: leave -protocol out")
        case (.etcd, nil), (.etcd, .http): return .etcd
        case (.etcd, .resp), (.etcd, .json):
            throw .usage("etcd is asked over its HTTP gateway only: leave -protocol out")
        }
    }
}

extension ValueKind where Value == Target {
    /// `ADDR[,ADDR…]` of Torc nodes, or the same behind `redis://` or `etcd://`.
    package static var target: ValueKind {
        ValueKind(parse: parseTarget, format: \.description)
    }

    private static func parseTarget(_ text: String) throws(InvalidValue) -> Target {
        var (kind, rest) = (Target.Kind.torc, text[...])
        if let scheme = text.firstRange(of: "://") {
            guard let named = Target.Kind(rawValue: text[..<scheme.lowerBound].lowercased()) else {
                throw InvalidValue("not ADDR, redis://ADDR or etcd://ADDR")
            }
            (kind, rest) = (named, text[scheme.upperBound...])
        }
        if rest.hasSuffix("/") { rest.removeLast() }
        let texts = try ValueKind<[String]>.list(of: .address).parse(String(rest))
        let addresses = texts.compactMap { NodeAddress($0) }
        guard addresses.count == texts.count else {
            throw InvalidValue("not an address host:port, such as localhost:8081 or [::1]:8081")
        }
        return Target(kind: kind, addresses: addresses)
    }
}
