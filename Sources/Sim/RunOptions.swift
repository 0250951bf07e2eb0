import Simulator

/// What is set of runs of a whole ring.
struct RunOptions {
    var seed: UInt64?
    var seeds: Int?
    var from: UInt64?
    var replay: UInt64?
    var nodes: Int?
    var time: Duration?
    var faults: FaultList?
    var defect: DefectName?
    var jobs: Int?
    var limit: Duration?
    var showsTrace = false
    var showsHash = false
    var listsDefects = false

    /// What does not go together.
    var complaint: String? {
        if seeds != nil, seed != nil || replay != nil {
            return "-seeds runs many seeds, -seed and -replay one: give one of them (-from N is the first of many)"
        }
        if let time, time > .seconds(24 * 3_600) { return "-time must be at most 24h of virtual time" }
        return nil
    }

    /// What they ask of the plan of `seed`.
    func request(seed: UInt64) -> PlanRequest {
        var request = PlanRequest(seed: seed)
        request.nodes = nodes
        request.span = time
        request.faults = faults?.kinds
        request.defect = defect?.name
        return request
    }

    /// The same again, as it is typed.
    func replayLine(seed: UInt64) -> String {
        var words = ["\(SimulatorCommand.program) -replay \(seed)"]
        if let nodes { words.append("-nodes \(nodes)") }
        if let time { words.append("-time \(time.wholeMilliseconds)ms") }
        if let faults { words.append("-faults \(faults.text)") }
        if let defect { words.append("-defect \(defect.name)") }
        return words.joined(separator: " ")
    }
}
