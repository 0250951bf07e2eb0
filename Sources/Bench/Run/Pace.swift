/// When the requests of an open-loop run should be sent: one every 1/rate seconds, the connections in turn. The plan does
/// not wait for the server, so that a server that stalls is charged for all that should have been sent meanwhile.
struct Pace {
    /// Nanoseconds from one request to the next.
    private let interval: Double
    private let start: UInt64
    private let connections: Int
    /// How many requests the plan has.
    let total: Int

    /// - Parameters:
    ///   - rate: requests a second, all connections together.
    ///   - start: nanoseconds, when the first is due.
    init(rate: Int, start: UInt64, connections: Int, total: Int) {
        interval = 1e9 / Double(rate)
        self.start = start
        self.connections = connections
        self.total = total
    }

    /// When a request is due, counted over all connections from 0 on.
    func instant(of request: Int) -> UInt64 { start + UInt64(Double(request) * interval) }

    /// When the request `number`, from 0 on, of a connection is due.
    func instant(of number: Int, on connection: Int) -> UInt64 { instant(of: number * connections + connection) }

    /// How many requests are due by `now`.
    func dueCount(at now: UInt64) -> Int {
        guard now >= start else { return 0 }
        var due = min(total, Int(Double(now - start) / interval) + 1)
        // The quotient may be off by one where `instant` is rounded.
        while due < total, instant(of: due) <= now { due += 1 }
        while due > 0, instant(of: due - 1) > now { due -= 1 }
        return due
    }

    /// How many of the first `due` requests belong to a connection.
    func dueCount(_ due: Int, on connection: Int) -> Int {
        due / connections + (connection < due % connections ? 1 : 0)
    }
}
