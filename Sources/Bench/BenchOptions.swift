import Flags
import Protocol

/// What the flags of `torc bench` say.
package struct BenchOptions {
    package enum Answer: String, CaseIterable { case yes, no }
    package enum Level: String, CaseIterable { case one, quorum, all }

    package var target = Target(kind: .torc, addresses: [NodeAddress(host: "localhost", port: 8081)])
    var against: Target?
    var wire: WireProtocol?
    var clients = 50
    var pipeline = 16
    var keys = 1_000_000
    var size: Int?
    var mix: Mix?
    var distribution: Distribution?
    var workload: Workload?
    var rate: Int?
    var duration = Duration.seconds(30)
    var requests: Int?
    package var consistency = Level.quorum
    var isRouted = false
    var waitReplicas = 0
    var againstWaitReplicas = 0
    var load = Answer.yes
    var rounds = 5
    var seed: UInt64 = 1
    var serverPIDs: [Int] = []
    var againstPIDs: [Int] = []
    var file: String?
    var nullServer: String?

    package init() {}

    static var flags: FlagSet<BenchOptions> {
        FlagSet(
            program: "torc bench", summary: "loads servers with requests and measures them", operands: nil,
            flags: [
                .value("server", "ADDR[,ADDR…]", \.target, .target, "what to measure; redis://ADDR or etcd://ADDR if it is no Torc"),
                .value("against", "redis://ADDR|etcd://ADDR", \.against, .target, "alternates runs with another server and prints ratios"),
                .value("protocol", "resp|json|http", \.wire, .name, "what -server is spoken to in (default resp; http is etcd's)"),
                .value("clients", "N", \.clients, .integer(in: 1...10_000), "connections"),
                .value("pipeline", "N", \.pipeline, .integer(in: 1...4_000), "requests of a connection under way at a time"),
                .value("keys", "N", \.keys, .count, "keys that are there"),
                .value("size", "N", \.size, .integer(in: 1...(16 << 20)), "bytes of a value (default 100, of a -workload 1000)"),
                .value("mix", "VERB:N,…", \.mix, .mix, "parts of get, set, del, incr, append, ping, insert and rmw (default get:95,set:5)"),
                .value("dist", "uniform|zipf|latest", \.distribution, .name, "which keys are asked for (default uniform)"),
                .value("workload", "a|b|c|d|f", \.workload, .name, "mix and distribution of YCSB"),
                .value("rate", "N", \.rate, .count, "requests a second, sent when they are due (default: after the reply)"),
                .value("duration", "TIME", \.duration, .duration, "of a run"),
                .value("requests", "N", \.requests, .count, "ends a run after so many instead"),
                .value("consistency", "one|quorum|all", \.consistency, .name, "what reads and writes wait for"),
                .toggle("cluster", \.isRouted, "sends each request to the node that leads its key's slot, as clients of Redis Cluster do"),
                .value("wait", "N", \.waitReplicas, .integer(in: 0...100), "Redis's WAIT for N replicas behind each batch of writes"),
                .value("against-wait", "N", \.againstWaitReplicas, .integer(in: 0...100), "the same for -against"),
                .value("load", "yes|no", \.load, .name, "gives keys that are missing a value before the measuring"),
                .value("rounds", "N", \.rounds, .integer(in: 1...1_000), "runs of each with -against"),
                .value("seed", "N", \.seed, .seed, "of keys, values and their order"),
                .value("server-pid", "PID[,PID…]", \.serverPIDs, .list(of: .integer(in: 1...(1 << 30))), "measures processor time of the server"),
                .value("against-pid", "PID[,PID…]", \.againstPIDs, .list(of: .integer(in: 1...(1 << 30))), "the same for -against"),
                .value("json", "FILE", \.file, .text, "writes results there too"),
                .value("null-server", "ADDR", \.nullServer, .address, "does nothing but answer Redis's protocol there, to measure torc bench"),
            ])
    }
}

extension BenchOptions {
    /// The run of `-server`.
    func plan() throws(BenchError) -> RunPlan {
        guard workload == nil || (mix == nil && distribution == nil) else {
            throw .usage("-workload says mix and distribution: leave -mix and -dist out")
        }
        guard rate.map({ $0 <= 100_000_000 }) ?? true else { throw .usage("-rate is at most 100M") }
        guard keys < KeyName.countMax / 2 else { throw .usage("-keys is less than 500G: their names have 12 digits") }
        let verbs = workload?.mix ?? mix ?? Mix([(.get, 95), (.set, 5)])
        var plan = RunPlan(target: target, load: .mix(verbs, workload?.distribution ?? distribution ?? .uniform))
        plan.wire = wire
        plan.connections = clients
        plan.pipeline = pipeline
        plan.keys = keys
        plan.valueSize = size ?? (workload == nil ? 100 : Workload.valueSize)
        plan.consistency = Consistency(name: consistency.rawValue) ?? .quorum
        plan.isRouted = isRouted
        plan.waitReplicas = waitReplicas
        plan.seed = seed
        plan.rate = rate
        plan.duration = duration
        plan.requests = requests
        plan.serverPIDs = serverPIDs
        return plan
    }

    /// The same for `-against`; nil without it.
    func peerPlan(of plan: RunPlan) -> RunPlan? {
        guard let against else { return nil }
        var peer = plan
        peer.target = against
        peer.wire = nil
        if against.kind == .redis { peer.consistency = .quorum }
        peer.isRouted = false
        peer.waitReplicas = againstWaitReplicas
        peer.serverPIDs = againstPIDs
        return peer
    }
}

extension ValueKind where Value == Mix {
    /// `get:95,set:5`
    static var mix: ValueKind {
        ValueKind(parse: { text throws(InvalidValue) in try Mix(text) }, format: \.description)
    }
}
