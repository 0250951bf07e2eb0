import Cluster
import History
import Protocol

/// Requests that do not wait for one another.
extension Workload {
    func begin(_ plan: ClientOperation, burst count: Int, of client: Int, at node: SimulatedNode) {
        let ledger = index(of: plan)
        let model = world.checks.model(of: ledgers[ledger].slot)
        let leads = model?.latest?.primary.node == node.name
        let parts = (0..<count).map { place in
            ClientOperation(
                kind: place.isMultiple(of: 2) ? .append : .get, keyKind: plan.keyKind, key: plan.key,
                consistency: .quorum, pause: .zero, node: plan.node, retries: 0, patience: nil)
        }
        burstCount += 1
        let number = burstCount
        let tokens = parts.enumerated().map { enroll($1, of: client, at: node, burst: (number, $0)) }
        bursts[number] = Burst(
            client: client, ledger: ledger, epoch: leads ? model?.latest?.epoch : nil,
            pieces: tokens.map(bytesAppended))
        for token in tokens { submit(token, isRetry: false) }
    }

    /// One of a burst has its answer, or will have none.
    func ended(_ burst: (number: Int, place: Int), _ result: KeyResult?) {
        let length: Int? = switch result {
        case .length(let length): length
        case .value(let value): value?.count ?? 0
        default: nil
        }
        bursts[burst.number]?.end(burst.place, length: length)
        guard let whole = bursts[burst.number], whole.missing == 0 else { return }
        bursts[burst.number] = nil
        check(whole)
        next(whole.client)
    }

    private func check(_ burst: Burst) {
        let ledger = ledgers[burst.ledger]
        guard let model = world.checks.model(of: ledger.slot), !model.hasLost,
            !world.checks.rot.keys.contains(ledger.key)
        else { return }
        // Where a copy is mended, its reads are read again as well.
        let wasQuiet = burst.epoch != nil && burst.epoch == model.latest?.epoch && !world.checks.rot.hasRotted
        if let problem = burst.problem(wasQuiet: wasQuiet) {
            world.fail(.pipeline, "slot \(model.slot), client \(burst.client): \(problem)")
        }
    }
}
