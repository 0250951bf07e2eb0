import Protocol

/// One run: what is sent to whom, how fast and for how long.
package struct RunPlan: Sendable {
    package enum Load: Sendable, Equatable {
        /// Every key once, in order.
        case fill
        case mix(Mix, Distribution)
    }

    package var target: Target
    package var wire: WireProtocol?
    package var load: Load
    package var connections = 50
    /// Requests of a connection under way at a time.
    package var pipeline = 16
    package var keys = 1_000_000
    /// Of a value, in bytes.
    package var valueSize = 100
    package var consistency = Consistency.quorum
    /// Behind each batch of writes a WAIT for so many replicas; 0: none.
    package var waitReplicas = 0
    /// Each request goes to the node that leads its key's slot.
    package var isRouted = false
    package var seed: UInt64 = 1
    /// Requests a second; nil: each connection sends as soon as it has its replies.
    package var rate: Int?
    package var duration = Duration.seconds(30)
    /// Ends after so many, in place of `duration`.
    package var requests: Int?
    /// How long servers may take over what is under way at the end.
    package var drainTime = Duration.seconds(10)
    /// Processes of the server on this machine; empty: its processor time is not looked at.
    package var serverPIDs: [Int] = []

    package init(target: Target, load: Load) {
        self.target = target
        self.load = load
    }

    package var verbs: [Verb] {
        switch load {
        case .fill: [.fill]
        case .mix(let mix, _): mix.verbs
        }
    }

    /// How many requests it has; nil where the time decides.
    var total: Int? {
        if load == .fill { return keys }
        if let requests { return requests }
        return rate.map { max(1, Int(min(Double($0) * (duration / .seconds(1)), RunPlan.requestsMax))) }
    }

    /// Beyond it numbers of nanoseconds and of requests would not fit any more; a thousand hours is longer than anybody waits.
    private static let secondsMax = 3_600_000.0
    private static let requestsMax = 1e15

    /// What cannot be asked together.
    func check() throws(BenchError) {
        let dialect = try target.dialect(wire)
        if let complaint = RequestForms.complaint(dialect, verbs) { throw .usage(complaint) }
        let seconds = rate.flatMap { rate in total.map { Double($0) / Double(rate) } } ?? duration / .seconds(1)
        guard seconds <= RunPlan.secondsMax, Double(requests ?? 1) <= RunPlan.requestsMax else {
            throw .usage("that would take more than 1000 hours: choose a shorter -duration or fewer -requests")
        }
        if consistency != .quorum, target.kind == .redis {
            throw .usage("a Redis has no consistency to choose: leave -consistency out")
        }
        if isRouted, target.kind != .torc {
            throw .usage("-cluster asks nodes of Torc for their slots: -server is \(target.kind.rawValue), so leave it out")
        }
        guard waitReplicas > 0 else { return }
        guard dialect == .resp, rate == nil, verbs.allSatisfy(\.isWrite) else {
            throw .usage("-wait needs -protocol resp, no -rate, and a -mix of nothing but set, insert, del, incr and append")
        }
    }
}
