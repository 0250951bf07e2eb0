import Cluster
import Protocol

/// Looks at a node after each of its turns, from outside, and compares what it has with the omniscient model
/// of each slot.
final class Checks {
    /// What was looked at already.
    private struct Seen {
        var life = 0
        var epoch: Epoch = 0
        var generation: UInt32 = 0
        var position = Version.zero
        var commit = Version.zero
        var holding = Replica.Holding.nothing
    }

    unowned let world: World
    private(set) var models: [SlotModel]
    /// By node, then by slot.
    private var seen: [[Seen]] = []
    private var durable: [[DurableSlot]] = []
    /// What was on disks that are no more.
    private var lost: [Member: [DurableSlot]] = [:]
    /// The last version up to which a member ever had everything durably, by slot.
    private var reached: [Member: [Version]] = [:]
    private(set) var rot = RotWatch()
    var equal = EqualWatch()
    var stuck = StuckWatch()

    init(_ world: World) {
        self.world = world
        models = world.slots.map(SlotModel.init)
    }

    func model(of slot: Slot) -> SlotModel? { index(of: slot).map { models[$0] } }

    private func index(of slot: Slot) -> Int? { world.slots.firstIndex(of: slot) }

    private func fail(_ problem: (Failure.Law, String)?) {
        if let (law, text) = problem { world.fail(law, text) }
    }

    private func makeRoom(for node: SimulatedNode) {
        while seen.count <= node.number {
            seen.append(Array(repeating: Seen(), count: models.count))
            durable.append(Array(repeating: DurableSlot(), count: models.count))
        }
    }

    // MARK: After a turn

    func afterTurn(of node: SimulatedNode) {
        makeRoom(for: node)
        guard let replicator = node.process?.replicator else { return }
        lookAtDisk(of: node)
        for index in models.indices {
            look(at: replicator.replica(models[index].slot), of: node, index)
        }
        node.disk.forgetAppended()
        checkLimits(of: node)
    }

    private func look(at replica: Replica, of node: SimulatedNode, _ index: Int) {
        let last = seen[node.number][index]
        let isNew = last.life != node.life || last.generation != replica.generation
        guard isNew || last.epoch != replica.epoch || last.position != replica.log.position
            || last.commit != replica.log.commit || last.holding != replica.holding
        else { return }
        noteBeginningAnew(replica, node, index)
        if let configuration = replica.configuration, isNew || last.epoch != configuration.epoch {
            decide(configuration, index)
        }
        if isNew {
            for entry in replica.log.entries(after: replica.log.start) {
                fail(models[index].see(entry, at: node.member))
            }
        }
        for entry in node.disk.appended(to: replica.slot) { fail(models[index].see(entry, at: node.member)) }
        // A copy begins with what others had committed.
        let isSame = last.life == node.life && last.holding == .whole && replica.holding == .whole
        for entry in newlyCommitted(replica, index, after: isSame ? last.commit : nil) {
            commit(entry, of: node, index)
        }
        checkTable(of: replica, node)
        noteEqual(replica, node)
        if last.life == node.life, last.holding != .nothing, replica.holding == .nothing {
            checkGivenUp(replica, at: node, since: last.epoch)
        }
        seen[node.number][index] = Seen(
            life: node.life, epoch: replica.epoch, generation: replica.generation,
            position: replica.log.position, commit: replica.log.commit, holding: replica.holding)
    }

    /// An operator has the slot go on with a copy that is not complete: what it has is all that there is from now on.
    private func noteBeginningAnew(_ replica: Replica, _ node: SimulatedNode, _ index: Int) {
        guard let begun = replica.begunAnew, begun.epoch == replica.epoch, replica.holding == .whole else { return }
        models[index].beginAnew(with: node.disk.live.tables[replica.slot] ?? [:], at: begun.position, in: begun.epoch)
    }

    /// What is committed and still in the log, or was committed and trimmed in this very turn.
    private func newlyCommitted(_ replica: Replica, _ index: Int, after: Version?) -> [LogEntry] {
        let log = replica.log
        let inLog = log.entries(after: max(after ?? .zero, log.start)).prefix { $0.version <= log.commit }
        guard let after, after < log.start else { return Array(inLog) }
        return models[index].lasting(after: after, through: log.start) + inLog
    }

    private func decide(_ configuration: Configuration, _ index: Int) {
        guard models[index].configurations[configuration.epoch] != configuration else { return }
        fail(models[index].decide(configuration))
        world.countConfiguration()
        world.note("slot \(models[index].slot) has \(configuration.words)", node: 0)
        checkDeciders(of: configuration, index)
        checkCopies(index)
    }

    /// A majority of the members before have accepted it, on disk.
    private func checkDeciders(of configuration: Configuration, _ index: Int) {
        guard let before = models[index].configurations[configuration.predecessor] else {
            if configuration.epoch > 1 {
                world.fail(.chain, "\(configuration.words) of slot \(models[index].slot) follows nothing")
            }
            return
        }
        let deciders = before.members.filter { durable(of: $0, index)?.hasAccepted(configuration) == true }
        if let repair = configuration.repair {
            let left = before.members.filter { !repair.lost.contains($0) }
            if !left.allSatisfy(deciders.contains) || repair.lost.contains(where: { lost[$0] == nil }) {
                world.fail(
                    .minority,
                    "\(configuration.words) of slot \(models[index].slot) was decided by \(deciders), left were \(left)")
            }
        } else if deciders.count < before.majority {
            world.fail(
                .minority,
                "\(configuration.words) of slot \(models[index].slot) was decided by \(deciders) of \(before.members)")
        }
    }

    private func commit(_ entry: LogEntry, of node: SimulatedNode, _ index: Int) {
        let end = models[index].committedEnd
        fail(models[index].commit(entry, at: node.member))
        guard models[index].committedEnd != end else { return }
        world.countCommit()
        checkCopies(index)
    }

    // MARK: Copies

    /// What that member has durably, or had when its disk was lost.
    private func durable(of member: Member, _ index: Int) -> DurableSlot? {
        if let frozen = lost[member] { return frozen[index] }
        guard let node = world.node(named: member.node), node.member == member else { return nil }
        makeRoom(for: node)
        return durable[node.number][index]
    }

    private func lookAtDisk(of node: SimulatedNode) {
        for slot in node.disk.takeTouched().sorted() {
            guard let index = index(of: slot) else { continue }
            let had = durable[node.number][index].covers(models[index].committedEnd)
            durable[node.number][index] = DurableSlot(slot, on: node.disk.safe)
            let has = durable[node.number][index].covers(models[index].committedEnd)
            noteReached(node, index)
            if had != has { checkCopies(index) }
        }
    }

    private func noteReached(_ node: SimulatedNode, _ index: Int) {
        let now = durable[node.number][index]
        guard now.isWhole else { return }
        var all = reached[node.member] ?? Array(repeating: .zero, count: models.count)
        all[index] = max(all[index], now.position)
        reached[node.member] = all
    }

    /// Whether every member of some configuration of that epoch or a later one has had `version` durably.
    func wasEverywhere(_ version: Version, in slot: Slot) -> Bool {
        guard let index = index(of: slot) else { return false }
        return models[index].configurations.values.contains { configuration in
            configuration.epoch >= version.epoch
                && configuration.members.allSatisfy { (reached[$0]?[index] ?? .zero) >= version }
        }
    }

    /// Whether the primary that gave `version` has had it durably.
    func wasDurable(_ version: Version, in slot: Slot) -> Bool {
        guard let index = index(of: slot),
            let primary = models[index].configurations[version.epoch]?.primary
        else { return false }
        return (reached[primary]?[index] ?? .zero) >= version
    }

    /// A majority of the latest members has every committed write; until that was so for the first time, a
    /// majority of the members before has.
    private func checkCopies(_ index: Int) {
        guard let latest = models[index].latest, models[index].committedEnd != .zero, !models[index].isMaimed
        else { return }
        if areEnough(holders(of: latest, index), of: latest) {
            models[index].wholeEpoch = latest.epoch
            return
        }
        let before = models[index].configurations[latest.predecessor]
        if models[index].wholeEpoch < latest.epoch, let before, areEnough(holders(of: before, index), of: before) {
            return
        }
        world.fail(
            .copies,
            "slot \(models[index].slot) is committed up to \(models[index].committedEnd); of "
                + "\(latest.words) only \(holders(of: latest, index)) have that")
    }

    private func holders(of configuration: Configuration, _ index: Int) -> [Member] {
        let end = models[index].committedEnd
        return configuration.members.filter { durable(of: $0, index)?.covers(end) == true }
    }

    /// A lost disk counts for what was on it, as a member that never comes back; one copy must be left.
    private func areEnough(_ holders: [Member], of configuration: Configuration) -> Bool {
        holders.count >= configuration.majority && holders.contains { lost[$0] == nil }
    }

    /// Whether the disk of `node` may be lost: nothing is under way in any slot, and a majority of it has all
    /// without this node. Not where there are fewer than three copies: the lost one may be just about to become
    /// a member that is needed.
    func canLose(_ node: SimulatedNode) -> Bool {
        world.settings.replicas >= 3 && models.indices.allSatisfy { index in
            guard let latest = models[index].latest else { return true }
            // Of one or two members a learner may be the next, and needed.
            guard latest.members.contains(node.member) else { return latest.members.count > 2 || isQuiet(index) }
            let isQuiet = latest.members.allSatisfy { member in
                lost[member] == nil && durable(of: member, index)?.isAtEase(in: latest) == true
            }
            let left = holders(of: latest, index).filter { $0.node != node.name }
            return isQuiet && self.isQuiet(index) && left.count >= latest.majority
        }
    }

    /// Members of the latest configuration of the slot with that index whose loss would leave it no majority, and
    /// every slot one that has everything; nil: there are none. Nothing may be under way in any slot.
    func maimable(_ number: Int, from first: Int, sparing: SimulatedNode) -> [Member]? {
        let index = number % models.count
        guard let latest = models[index].latest, latest.members.count > 1 else { return nil }
        let turned = latest.members.indices.map { latest.members[($0 + first) % latest.members.count] }
        let victims = Array(
            turned.filter { $0 != sparing.member }.prefix(latest.members.count - latest.majority + 1))
        let isSafe = models.indices.allSatisfy { index in
            guard let latest = models[index].latest else { return false }
            return isQuiet(index) && latest.members.allSatisfy { lost[$0] == nil }
                && latest.members.contains { member in
                    !victims.contains(member) && durable(of: member, index)?.isAtEase(in: latest) == true
                }
        }
        return isSafe ? victims : nil
    }

    /// Nobody is about to decide anything: what is under way counts on disks that are there when it begins. Nor is
    /// there a learner that has all: it may be taken in at any moment.
    private func isQuiet(_ index: Int) -> Bool {
        world.nodes.allSatisfy { node in
            guard let replica = node.process?.replicator.replica(models[index].slot) else { return true }
            let members = replica.configuration?.members ?? []
            let learners = replica.leadership?.flows.filter { $0.isDeclared && !members.contains($0.member) } ?? []
            let isLearnt = replica.isComplete && !members.contains(node.member)
            return !replica.isChangingHands && learners.isEmpty && !isLearnt
        }
    }

    /// The disks of these will not be used again.
    func maim(_ victims: [SimulatedNode]) {
        for node in victims { lose(node) }
        for index in models.indices {
            guard let latest = models[index].latest else { continue }
            models[index].isMaimed = latest.members.count { lost[$0] == nil } < latest.majority
        }
    }

    /// Whether some slot has lost its majority and no operator has done anything about it.
    var isMaimed: Bool { models.contains(where: \.isMaimed) }

    /// The disk of `node` will not be used again.
    func lose(_ node: SimulatedNode) {
        makeRoom(for: node)
        lost[node.member] = durable[node.number]
    }

    func processEnded(_ node: SimulatedNode) {
        makeRoom(for: node)
        lookAtDisk(of: node)
    }

    /// - Parameter member: as it was.
    func wiped(_ node: SimulatedNode, was member: Member) {
        makeRoom(for: node)
        lost[member] = durable[node.number]
        for index in models.indices {
            durable[node.number][index] = DurableSlot()
            checkCopies(index)
        }
    }

    // MARK: Tables

    /// Whoever has a whole table has exactly what the committed writes up to its place made.
    func checkTable(of replica: Replica, _ node: SimulatedNode) {
        guard replica.holding == .whole, let index = index(of: replica.slot) else { return }
        let table = node.disk.live.tables[replica.slot] ?? [:]
        let model = models[index]
        for key in model.states.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let wanted = model.entry(of: key, at: replica.log.commit)
            guard table[key] != wanted, !rot.isRotten(table[key], key: key, in: replica.slot, at: node) else { continue }
            world.fail(
                .table,
                "\(node) has \(String(describing: table[key]?.version)) under a key of slot \(replica.slot) at "
                    + "\(replica.log.commit), not \(String(describing: wanted?.version))")
        }
        if table.keys.contains(where: { model.states[$0] == nil }) {
            world.fail(.table, "\(node) has a key of slot \(replica.slot) that nobody wrote")
        }
        checkTally(of: replica, model, node)
    }

    /// Equal positions, equal digests: that of the model.
    private func checkTally(of replica: Replica, _ model: SlotModel, _ node: SimulatedNode) {
        let wanted = model.tally(at: replica.log.commit)
        guard replica.tally != wanted else {
            let table = node.disk.live.tables[replica.slot] ?? [:]
            return rot.sawRightTally(of: replica.slot, at: node, table: table)
        }
        // An entry that was overwritten after it had rotted left what is counted wrong, until it is counted anew.
        if rot.isAffected(replica.slot, at: node) { return }
        world.fail(
            .digest, "\(node) counts \(replica.tally) in slot \(replica.slot) at \(replica.log.commit), not \(wanted)")
    }

    /// Whoever has a whole table remembers each committed write since the last one that was forgotten, with its
    /// answer: else one that comes again takes effect twice.
    func checkRequests(of replica: Replica, _ node: SimulatedNode) {
        guard replica.holding == .whole, let index = index(of: replica.slot) else { return }
        let committed = models[index].committed
        let known = (replica.requests?.remembered ?? []).filter { $0.version <= replica.log.commit }
        for request in known where committed[request.version]?.entry.remembered != request {
            world.fail(
                .requests, "\(node) remembers \(request.request.words) as \(request.version) of slot \(replica.slot)")
        }
        let forgotten = replica.requestsForgotten
        let wanted = committed.values.count { item in
            let version = item.entry.version
            return version > forgotten && version <= replica.log.commit && !item.entry.request.isOwn
        }
        if known.count != wanted {
            world.fail(
                .requests,
                "\(node) remembers \(known.count) requests of slot \(replica.slot), not \(wanted)")
        }
    }

    func rotted(_ entry: Entry, key: [UInt8], in slot: Slot, at node: SimulatedNode) {
        rot.rot(entry, key: key, in: slot, at: node)
    }

    // MARK: Limits

    private func checkLimits(of node: SimulatedNode) {
        guard let process = node.process else { return }
        for bound in process.replicator.bounds + [process.coordinator.bound]
        where bound.count > bound.max {
            world.fail(.limit, "\(node) has \(bound.count) \(bound.what), the limit is \(bound.max)")
        }
    }

    func exited(_ node: SimulatedNode, code: Int32) {
        if !node.mayExit(with: code) { world.fail(.exit, "\(node) ended by itself with code \(code)") }
    }
}
