import Cluster
import Protocol

/// One machine of the world: a process that runs the real `RingNode`, or does not, on its disk and clocks.
///
/// What reaches the process gathers in its inbox until it has its turn; a paused process finds it all there
/// when it goes on.
package final class SimulatedNode {
    package let number: Int
    package let name: NodeID
    unowned let world: World
    private(set) var disk: SimulatedDisk
    var clock: SimulatedClock
    /// Nil: the process does not run.
    package private(set) var process: RingNode?
    /// Counts the starts of the process.
    private(set) var life = 0
    /// What was sent to an earlier address does not arrive.
    private(set) var addressNumber = 0
    private(set) var isMachineDown = false
    private(set) var isPaused = false
    /// How much longer the process lives, in things that it does; nil: nothing is in its way.
    var effectsLeft: Int?
    /// Has a ring's data on its disk, or will.
    private(set) var hasJoined = false
    /// It has left for ever or was forgotten: its disk is of no use any more.
    private(set) var isRetired = false
    var exitCode: Int32?
    /// Whether it was told to leave or to stop; whether its disk was made to fail.
    var mayEnd = false
    var mayFail = false

    var seals = SealWatch()

    // Links
    var links: [NodeID: Connection] = [:]
    var dialers: [NodeID: SimulatedDialer] = [:]
    var seeds: [SimulatedDialer] = []

    private var inbox: [(RingNode) -> Void] = []
    /// What GETs found that wait for its confirmation.
    var foundTogether: [UInt64: Outcome] = [:]
    private var isTurnDue = false
    private var isTurning = false
    private var isWakeDue = false
    private var disks: Random
    private var processors: Random
    var draws: Random

    init(number: Int, in world: World) {
        self.number = number
        self.world = world
        guard let name = NodeID("n\(number)") else { preconditionFailure("n\(number) is a node's name") }
        self.name = name
        disks = Random(seed: world.plan.seed, purpose: UInt64(1_000 + number))
        draws = Random(seed: world.plan.seed, purpose: UInt64(2_000 + number))
        processors = Random(seed: world.plan.seed, purpose: UInt64(3_000 + number))
        disk = SimulatedDisk(id: SimulatedNode.diskID(number, 1))
        clock = SimulatedClock(
            at: world.now,
            local: Instant(microseconds: UInt64.random(in: 1_000_000...9_000_000_000, using: &disks)))
        prepareDisk()
    }

    /// The world ends.
    func letGo() {
        process = nil
        inbox.removeAll()
    }

    package var isUp: Bool { process != nil }
    package var isRunning: Bool { isUp && !isPaused }
    package var member: Member { Member(node: name, disk: disk.diskID) }
    package var address: NodeAddress {
        NodeAddress(host: "\(name)", port: UInt16(7_000 + addressNumber % 50_000))
    }

    /// A name that says which node's disk it is and the how manieth.
    private static func diskID(_ number: Int, _ count: Int) -> DiskID {
        DiskID(rawValue: UInt64((number + 1) * 1_000 + count))
    }

    private func prepareDisk() {
        disk.drawSyncTime = { [unowned self] in disks.duration(in: world.settings.syncTime) }
        disk.mayAct = { [unowned self] in mayAct() }
    }

    // MARK: Starting

    /// - Parameter founding: the slots of the ring that it makes; nil: it is of a ring, or joins one.
    func start(founding slots: [Slot]? = nil) {
        guard !isUp, !isRetired else { return }
        world.note("\(self) starts", node: number)
        life += 1
        isPaused = false
        exitCode = nil
        seals = SealWatch()
        mayEnd = false
        mayFail = false
        if isMachineDown {
            isMachineDown = false
            world.network.machineIsBack(number)
        }
        disk.now = world.now
        disk.begin()
        foundTogether = [:]
        let node = makeProcess()
        process = node
        node.onTime(clock.monotonic(world.now), clock.wall(world.now))
        hasJoined = true
        begin(node, founding: slots)
        receive { _ in }
        tick(life)
    }

    private func begin(_ node: RingNode, founding slots: [Slot]?) {
        if let slots {
            node.found(ring: World.ring, slots: slots)
        } else if disk.ring != nil {
            do {
                try node.resume()
            } catch {
                // It had left, but for its last words.
                if error.message.contains("left the ring") { return exit(1) }
                world.fail(.wontStart, "\(self) does not start: \(error.message)")
            }
        }
        refreshSeeds()
    }

    /// Its operator gives it the addresses of today, where it knows nobody.
    func refreshSeeds() {
        guard let process, process.membership == nil || process.linkedNodes.isEmpty else { return }
        giveSeeds()
    }

    func giveSeeds() {
        let addresses = world.seedAddresses(for: self)
        guard seeds.map(\.address) != addresses else { return }
        seeds = addresses.map { SimulatedDialer(intended: nil, address: $0) }
    }

    private func makeProcess() -> RingNode {
        var settings = NodeSettings(member: member, address: address)
        settings.replicas = world.settings.replicas
        settings.slots = world.slots
        settings.evictAfter = world.settings.evictAfter
        settings.leaveTimeout = .seconds(30)
        settings.replication = world.settings.replication
        settings.membership = world.settings.membership
        return RingNode(
            settings, store: disk, host: self, replies: self, ring: disk.ring, incarnation: disk.incarnation,
            seed: draws.next(), origin: draws.next() | 1, now: clock.monotonic(world.now))
    }

    // MARK: Turns

    /// Something has come for the process.
    func receive(_ input: @escaping (RingNode) -> Void) {
        guard isUp else { return }
        inbox.append(input)
        scheduleTurn()
    }

    /// On a thread of the process, which ends with it.
    package func computeTargets(of ring: Ring, replicas: Int) {
        let targets = world.targets.table(of: ring, replicas: replicas)
        let life = life
        world.schedule(after: processors.duration(in: world.settings.targetsTime)) { [unowned self] in
            if self.life == life { receive { $0.onTargets(targets) } }
        }
    }

    private func scheduleTurn() {
        guard !isTurnDue, !isPaused, !isTurning else { return }
        isTurnDue = true
        let life = life
        world.schedule(after: draws.duration(in: world.settings.turnDelay)) { [unowned self] in
            guard self.life == life, isUp else { return }
            isTurnDue = false
            if !isPaused { turn() }
        }
    }

    private func turn() {
        guard let node = process else { return }
        isTurning = true
        let inputs = inbox
        inbox.removeAll(keepingCapacity: true)
        disk.advance(to: world.now)
        node.onTime(clock.monotonic(world.now), clock.wall(world.now))
        node.onDurable()
        for input in inputs where isUp { input(node) }
        if isUp { node.endTurn() }
        isTurning = false
        world.checks.afterTurn(of: self)
        if effectsLeft == 0 { end(isMachine: false, isSilent: false) }
        if let code = exitCode, isUp { exit(code) }
        guard isUp else { return }
        if !inbox.isEmpty { scheduleTurn() }
        if let due = disk.nextDue { wakeWhenDurable(due) }
        if let next = node.nextTurnAt { wake(after: next.since(clock.monotonic(world.now))) }
    }

    /// Another turn, though nothing may have come by then.
    private func wake(after span: Duration) {
        guard !isWakeDue else { return }
        isWakeDue = true
        let life = life
        world.schedule(after: max(span, .zero)) { [unowned self] in
            guard self.life == life else { return }
            isWakeDue = false
            receive { _ in }
        }
    }

    private func wakeWhenDurable(_ due: Instant) {
        let life = life
        world.schedule(at: max(due, world.now)) { [unowned self] in
            guard self.life == life, let next = disk.nextDue, next <= world.now else { return }
            receive { _ in }
        }
    }

    private func tick(_ life: Int) {
        world.schedule(after: .milliseconds(50)) { [unowned self] in
            guard self.life == life, isUp else { return }
            // A timer that went off several times while nobody looked has gone off once.
            if !isPaused {
                receive { [unowned self] in
                    $0.onTick()
                    tickLinks()
                }
            }
            tick(life)
        }
    }

    // MARK: What happens to it

    func pause(for span: Duration) {
        guard isRunning else { return }
        world.note("\(self) is paused for \(span.wholeMilliseconds) ms", node: number)
        isPaused = true
        world.workload.wasAway(self)
        let life = life
        world.schedule(after: span) { [unowned self] in
            if self.life == life { resume() }
        }
    }

    func resume() {
        guard isUp, isPaused else { return }
        world.note("\(self) goes on", node: number)
        isPaused = false
        receive { _ in }
    }

    /// The process ends without a word.
    /// - Parameters:
    ///   - isMachine: and the machine, with all that was not synced.
    ///   - isSilent: nobody hears that its connections have ended.
    func end(isMachine: Bool, isSilent: Bool) {
        guard isUp else {
            // What the process had left behind unsynced may be lost all the same.
            if isMachine { loseUnsynced() }
            return
        }
        let what = isMachine ? "loses power" : "crashes"
        world.note("\(self) \(what)\(isSilent ? " silently" : "")", node: number)
        stopProcess()
        isMachineDown = isMachine && isSilent
        leaveDisk(isMachine: isMachine)
        world.network.processEnded(number, isSilent: isSilent)
        world.processEnded(self)
    }

    private func leaveDisk(isMachine: Bool) {
        disk.advance(to: world.now)
        if isMachine || disk.failure != nil { loseUnsynced() } else { disk.endProcess() }
    }

    private func loseUnsynced() {
        disk.endMachine { count in Int.random(in: 0...count, using: &self.disks) }
    }

    private func exit(_ code: Int32) {
        if process?.membership == nil { mayEnd = true }
        world.note("\(self) exits with \(code)", node: number)
        // Who is of no ring after a resume has left it.
        let hasLeft = process?.membership.map { $0.ownRecord.status == .gone } ?? (disk.ring != nil)
        if hasLeft, code == 0 { world.watchFarewell(of: member, witnesses: world.reached(by: self)) }
        stopProcess()
        leaveDisk(isMachine: false)
        world.network.processEnded(number, isSilent: false)
        world.processEnded(self)
        world.nodeExited(self, code: code)
        if hasLeft { isRetired = true }
    }

    private func stopProcess() {
        process = nil
        inbox.removeAll()
        isTurnDue = false
        isWakeDue = false
        isPaused = false
        effectsLeft = nil
        links.removeAll()
        dialers.removeAll()
        seeds.removeAll()
    }

    /// Somebody puts an empty disk in: whatever the node was is another member now.
    func wipe() {
        guard !isUp else { return }
        world.note("\(self) gets an empty disk", node: number)
        disk = SimulatedDisk(id: SimulatedNode.diskID(number, Int(disk.diskID.rawValue % 1_000) + 1))
        prepareDisk()
        isRetired = false
    }

    func move() {
        guard !isUp else { return }
        addressNumber += 1
        world.placesChanged(self)
        world.note("\(self) moves to \(address)", node: number)
    }

    func retire() { isRetired = true }

    // MARK: What it does

    /// Whether the process is still there to do the next thing.
    func mayAct() -> Bool {
        guard let left = effectsLeft else { return isUp }
        guard left > 0 else { return false }
        effectsLeft = left - 1
        return true
    }
}

extension SimulatedNode: CustomStringConvertible {
    package var description: String { name.text }
}
