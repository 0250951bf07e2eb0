/// What one run is made of, everything decided.
struct TorturePlan {
    let seed: UInt64
    let time: Duration
    let nodes: Int
    let clients: Int
    let faults: [FaultKind]
    let kinds: [KeyKind]
    let folder: String
    let history: String
    let program: String
    let nodeFlags: [String]
    let pauseMax: Duration

    init(_ options: TortureOptions, seed: UInt64, program: String) {
        self.seed = seed
        self.program = program
        time = options.time
        nodes = options.nodes
        clients = options.clients
        faults = options.faults
        kinds = KeyKind.allCases
        pauseMax = options.pause
        folder = Files.absolute(options.dir ?? "torture-\(seed)")
        history = options.history.map(Files.absolute) ?? "\(folder)/history.txt"
        nodeFlags = ["-evict-after", "\(Int(options.evictAfter / .milliseconds(1)))ms"]
    }
}
