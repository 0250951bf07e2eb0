import Cluster
import Protocol

/// Checks of single answers.
extension Workload {
    /// What versions say without any search: the answers of quorum operations follow the one order of the
    /// key's committed writes, and none goes back behind what was answered before it began.
    func check(_ outcome: Outcome, _ item: AwaitedAnswer) {
        let slot = ledgers[item.ledger].slot
        guard let model = world.checks.model(of: slot), !model.hasLost else { return }
        switch outcome {
        case .written(let version, _, _): checkWrite(version, model, item)
        case .batch(let version, _, let answers):
            checkWrite(version, model, item)
            checkSwap(answers, item)
        case .found where world.checks.rot.keys.contains(ledgers[item.ledger].key): break
        case .found(let entry): checkRead(entry, model, item)
        case .notFound: checkMiss(model, item)
        case .answer(.entries(let entries)): checkTwins(entries, model, item)
        default: break
        }
    }

    private func checkWrite(_ version: Version, _ model: SlotModel, _ item: AwaitedAnswer) {
        if item.plan.consistency == .one {
            let isKept = model.committed[version] != nil || world.checks.wasDurable(version, in: model.slot)
            guard !isKept else { return }
            return world.fail(.acknowledged, "\(version) of slot \(model.slot) was acknowledged and is on no disk")
        }
        if item.plan.consistency == .all, !world.checks.wasEverywhere(version, in: model.slot) {
            world.fail(.acknowledged, "\(version) of slot \(model.slot) was acknowledged and not everywhere")
        }
        guard let place = model.committed[version] else {
            return world.fail(.acknowledged, "\(version) of slot \(model.slot) was acknowledged and is not committed")
        }
        guard place.entry.request == item.request else {
            return world.fail(.answer, "\(item.operation.words) was answered with \(place.entry.words)")
        }
        guard place.keyIndex > item.floor else {
            return world.fail(.stale, "\(item.operation.words) got a place in the order before what was answered")
        }
        show(place.keyIndex, item)
    }

    func checkRead(_ entry: Entry, _ model: SlotModel, _ item: AwaitedAnswer) {
        guard let place = model.committed[entry.version], place.entry.entry(of: ledgers[item.ledger].key) == entry else {
            return world.fail(.uncommitted, "a read of slot \(model.slot) showed \(entry.version), not committed")
        }
        guard item.plan.consistency != .one else { return }
        guard place.keyIndex >= item.floor else {
            return world.fail(
                .stale, "a read of slot \(model.slot) showed \(entry.version), after a later write was answered")
        }
        if let expiry = entry.expiry, isExpiredEverywhere(expiry, at: item.begin) {
            return world.fail(.stale, "a read of slot \(model.slot) showed \(entry.version), long expired")
        }
        show(place.keyIndex, item)
    }

    /// Whether it had expired by every clock when the operation began.
    private func isExpiredEverywhere(_ expiry: Timestamp, at begin: Instant) -> Bool {
        let then = SimulatedClock.epoch + Int64(begin.microseconds / 1_000)
        let skew = Int64(world.settings.skewMax.wholeMilliseconds)
        return Int64(clamping: expiry.milliseconds) + skew < then
    }

    /// Some state from the floor on has nothing under the key, or something that may have expired.
    func checkMiss(_ model: SlotModel, _ item: AwaitedAnswer) {
        guard item.plan.consistency != .one else { return }
        let states = model.states[ledgers[item.ledger].key] ?? []
        guard item.floor > 0 else { return }
        for place in item.floor...max(item.floor, states.count) where place <= states.count {
            guard let entry = states[place - 1].entry else { return show(place, item) }
            if entry.expiry != nil { return }
        }
        world.fail(.stale, "a read of slot \(model.slot) showed nothing, after a write was answered")
    }

    private func show(_ place: Int, _ item: AwaitedAnswer) {
        ledgers[item.ledger].floor = max(ledgers[item.ledger].floor, place)
    }
}
