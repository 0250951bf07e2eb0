import Protocol

/// The servers that a client knows, and which to try next.
///
/// A round begins with a request that finds no connection and ends with an answer: in a round each server is
/// tried once, those that were given first, then those learned from the ring.
struct ServerList {
    private let given: [NodeAddress]
    private var learned: [NodeAddress] = []
    private var failures: [(server: NodeAddress, reason: String)] = []

    init(_ given: [NodeAddress]) { self.given = given }

    /// The first server that has not failed in this round.
    var next: NodeAddress? { untried.first }

    /// Whether there is one to go on with when `server` fails.
    func hasOther(than server: NodeAddress) -> Bool { untried.contains { $0 != server } }

    private var untried: [NodeAddress] {
        (given + learned).filter { server in !failures.contains { $0.server == server } }
    }

    mutating func beginRound() { failures = [] }

    mutating func fail(_ server: NodeAddress, _ reason: String) {
        failures.append((server, reason))
    }

    mutating func learn(_ servers: [NodeAddress]) {
        learned = servers.filter { !given.contains($0) }
    }

    /// Why no server is left, in one line.
    var complaint: String {
        let reasons = failures.map { "\($0.server): \($0.reason)" }
        return "unavailable: no server answers (\(reasons.joined(separator: "; ")))"
    }
}
