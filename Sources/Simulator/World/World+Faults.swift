import Cluster

/// What each fault does. Each is left out where it makes no sense: a plan may be cut anywhere.
extension World {
    func perform(_ fault: Fault) {
        note("fault: \(fault)", node: 0)
        countFault()
        switch fault {
        case .crash, .power, .powerAll, .restart, .restartAll, .wipe, .move, .pause: performOnProcess(fault)
        case .clog, .unclog, .isolate, .split, .healAll, .breakConnection, .slowWay: performOnNetwork(fault)
        case .jumpClock, .drift, .stallDisk, .failDisk, .rot: performOnMachine(fault)
        case .join, .leave, .stop, .forget: performOnRing(fault)
        case .maim(let slot, let first, let by): maim(slot, from: first, by: by)
        }
    }

    private func known(_ number: Int) -> SimulatedNode? {
        nodes.indices.contains(number) ? nodes[number] : nil
    }

    // MARK: Processes

    private func performOnProcess(_ fault: Fault) {
        switch fault {
        case .crash(let number, let effects):
            guard let node = known(number) else { return }
            if let effects, node.isRunning {
                node.effectsLeft = effects
            } else {
                node.end(isMachine: false, isSilent: false)
            }
        case .power(let number, let isSilent): known(number)?.end(isMachine: true, isSilent: isSilent)
        case .powerAll: for node in nodes { node.end(isMachine: true, isSilent: false) }
        case .restart(let number):
            if let node = known(number), node.hasJoined { node.start() }
        case .restartAll: for node in nodes where node.hasJoined { node.start() }
        case .wipe(let number):
            guard let node = known(number), node.hasJoined, node.isRetired || mayLose(node) else { return }
            node.end(isMachine: false, isSilent: false)
            let member = node.member
            node.wipe()
            checks.wiped(node, was: member)
        case .move(let number): known(number)?.move()
        case .pause(let number, let span): known(number)?.pause(for: span)
        default: break
        }
    }

    // MARK: The network

    private func performOnNetwork(_ fault: Fault) {
        switch fault {
        case .clog(let from, let to): clog(from, to)
        case .unclog(let from, let to):
            if known(from) != nil, known(to) != nil { network.unclog(from: from, to: to) }
        case .isolate(let number):
            for other in nodes.indices {
                clog(number, other)
                clog(other, number)
            }
        case .split(let side, let bridge): split(side, bridge: bridge)
        case .healAll: healNetwork()
        case .breakConnection(let one, let other): network.breakConnections(between: one, and: other)
        case .slowWay(let from, let to, let factor):
            if known(from) != nil, known(to) != nil { network.slow(from: from, to: to, factor: factor) }
        default: break
        }
    }

    private func clog(_ from: Int, _ to: Int) {
        if known(from) != nil, known(to) != nil { network.clog(from: from, to: to) }
    }

    private func split(_ side: [Int], bridge: Int?) {
        for one in nodes.indices where side.contains(one) && one != bridge {
            for other in nodes.indices where !side.contains(other) && other != bridge {
                clog(one, other)
                clog(other, one)
            }
        }
    }

    /// Way by way, in an order of the seed's.
    func healNetwork() {
        network.endSlowness()
        var random = Random(seed: plan.seed ^ now.microseconds, purpose: 12)
        for way in network.cloggedWays.shuffled(using: &random) {
            schedule(after: random.duration(in: .zero ... .milliseconds(200))) { [unowned self] in
                network.unclog(from: way.from, to: way.to)
            }
        }
    }

    // MARK: Machines

    private func performOnMachine(_ fault: Fault) {
        switch fault {
        case .jumpClock(let number, let by, let isBack):
            known(number)?.clock.setWall(offBy: min(by, settings.skewMax), isBack: isBack)
        case .drift(let number, let parts): known(number)?.clock.setDrift(parts, at: now)
        case .stallDisk(let number, let span): known(number)?.disk.stall(until: now + span)
        case .failDisk(let number):
            guard let node = known(number), node.isRunning else { return }
            node.mayFail = true
            node.disk.fail("the disk has failed; replace it")
            node.receive { _ in }
        case .rot(let number, let draw):
            if let node = known(number) { rot(node, draw: draw) }
        default: break
        }
    }

    // MARK: The ring

    private func performOnRing(_ fault: Fault) {
        switch fault {
        case .join(let number): known(number)?.start()
        case .leave(let number):
            guard let node = known(number), node.isRunning, stayingNodes > staysMin else { return }
            node.depart { $0.leave() }
        case .stop(let number):
            guard let node = known(number), node.isRunning else { return }
            node.depart { $0.stop() }
        case .forget(let number, let by):
            guard let node = known(number), let other = known(by), node !== other, !node.isUp, node.hasJoined,
                other.isRunning, stayingNodes > staysMin, mayLose(node)
            else { return }
            node.retire()
            checks.lose(node)
            other.receive { $0.forget(node.name) }
        default: break
        }
    }

    /// Whether the disk of `node` may be lost. All others must be there: where one is evicted at the same time, or
    /// about to leave, a slot may be left to one living and one lost member, before anybody has noticed the loss.
    private func mayLose(_ node: SimulatedNode) -> Bool {
        let others = nodes.filter { $0 !== node && $0.hasJoined && !$0.isRetired }
        return others.allSatisfy { $0.isRunning && $0.process?.phase == .ready } && checks.canLose(node)
    }

    /// Nodes that have a part in the ring, running or not, and are not about to leave it.
    private var stayingNodes: Int {
        nodes.count { $0.hasJoined && !$0.isRetired && $0.process?.phase != .leaving && $0.process?.phase != .left }
    }

    /// Where disks are lost as well, the ring keeps as many nodes as it keeps copies: of two members both are
    /// needed, for ever.
    private var staysMin: Int { losesDisks ? max(2, settings.replicas) : 2 }

    var losesDisks: Bool {
        plan.steps.contains { step in
            switch step.fault {
            case .wipe, .forget, .maim: true
            default: false
            }
        }
    }
}
