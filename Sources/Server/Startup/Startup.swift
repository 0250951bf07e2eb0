import Cluster
import Glibc
import Protocol
import Storage
import UV

/// Opens and checks everything that a node needs, in the order in which mistakes are cheapest to tell.
struct Startup {
    let options: NodeOptions
    let log: Logger
    let loop: Loop

    /// Runs a node with these options until it ends.
    /// - Returns: the exit code.
    static func run(_ options: NodeOptions) -> Int32 {
        Signal.ignoreBrokenPipe()
        raiseDescriptorLimit()
        let log = Logger(level: options.logLevel, format: options.logFormat)
        do throws(StartError) {
            let loop = try make { () throws(IOError) in try Loop() }
            defer { loop.close() }
            return try Startup(options: options, log: log, loop: loop).run()
        } catch {
            Logger.emit("torc-node: \(error.message)", to: STDERR_FILENO)
            return error.code
        }
    }

    private func run() throws(StartError) -> Int32 {
        let seeds = try options.join.map { text throws(StartError) in try Startup.address(text, of: "-join") }
        let (listener, datagram, address) = try listen()
        let identity = try openIdentity(port: listener.address.port)
        let wakeup = WakeupRelay()
        let store = try openStore(identity, wakeup)
        let node = TorcNode(
            NodeParts(
                options: options, log: log, loop: loop, identity: identity, address: address,
                listener: listener, datagram: datagram, store: store))
        defer { (store as? DiskStore)?.close() }
        try Startup.make { () throws(IOError) in
            wakeup.set(try Wakeup(loop) { [unowned node] in node.onDurable() })
            try node.listenToSignals()
        }
        try begin(node, seeds: seeds)
        let code = node.run()
        node.links.close()
        node.clients.closeAll()
        // Streams that nobody has taken over yet tell the node that they close.
        withExtendedLifetime(node) { loop.close() }
        return code
    }

    // MARK: The ring

    private func begin(_ node: TorcNode, seeds: [NodeAddress]) throws(StartError) {
        if node.ringNode.ringID != nil {
            try Startup.make { () throws(StoreError) in try node.ringNode.resume() }
            node.links.addSeeds(seeds)
        } else if !seeds.isEmpty {
            log.info("node \(node.identity.node) on \(node.boundAddress) joins a ring")
            node.links.addSeeds(seeds)
        } else {
            try found(node)
        }
    }

    /// Makes the node the first of a new ring. The slots are on disk before the ring's name is: a folder that
    /// names a ring has them.
    private func found(_ node: TorcNode) throws(StartError) {
        node.ringNode.foundSlots()
        let ticket = node.store.commit(mustSync: true)
        while node.store.durable < ticket, node.store.failure == nil { usleep(1_000) }
        if let failure = node.store.failure { throw StartError(failure.message) }
        node.ringNode.begin(RingID(rawValue: .random(in: 1 ... .max)))
    }

    // MARK: Sockets

    private func listen() throws(StartError) -> (Listener, Datagram, NodeAddress) {
        let wanted = try Startup.address(options.address, of: "-addr")
        let bound = try resolve(wanted)
        if !bound.isLoopback, !options.insecure {
            throw StartError(
                "-addr \(options.address) can be reached by other machines, and nothing protects the ring "
                    + "there yet: give -insecure to say that the network is trusted",
                code: StartError.badUsage)
        }
        let listener = try Startup.make { () throws(IOError) in try Listener(loop, on: bound) }
        let datagram = try Startup.make { () throws(IOError) in
            try Datagram(loop, bindTo: bound.with(port: listener.address.port))
        }
        let port = listener.address.port
        let host: String
        if bound.isLoopback {
            host = bound.ip
        } else if bound.isUnspecified {
            host = Startup.hostName()
        } else {
            host = wanted.host
        }
        return (listener, datagram, NodeAddress(host: host, port: port))
    }

    /// Runs the loop for the look-up alone.
    private func resolve(_ address: NodeAddress) throws(StartError) -> SocketAddress {
        if let number = SocketAddress(ip: address.host, port: address.port) { return number }
        var found: SocketAddress?
        var problem = "cannot resolve \(address.host)"
        Resolver(loop).resolve(address.host, port: address.port) { result in
            switch result {
            case .success(let addresses): found = AddressBook.sorted(addresses).first
            case .failure(let error): problem = error.text
            }
        }
        loop.run()
        guard let found else { throw StartError("-addr \(options.address): \(problem)", code: StartError.badUsage) }
        return found
    }

    private static func address(_ text: String, of flag: String) throws(StartError) -> NodeAddress {
        guard let address = NodeAddress(text) else {
            throw StartError(
                "\(flag) \(text): not an address host:port, such as localhost:8081", code: StartError.badUsage)
        }
        return address
    }

    private static func hostName() -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, gethostname(base, 255) == 0 else { return "localhost" }
            buffer[255] = 0
            return String(cString: base)
        }
    }

    // MARK: Disk

    private func openIdentity(port: UInt16) throws(StartError) -> Identity {
        let id = try options.id.map { text throws(StartError) in
            guard let id = NodeID(text) else {
                throw StartError(
                    "-id \(text): not a name of 1 to \(NodeID.lengthMax) letters, digits, '.', '_' and '-'",
                    code: StartError.badUsage)
            }
            return id
        }
        switch options.storage {
        case .memory:
            let made = NodeID("node-" + String(UInt64.random(in: 1 ... .max), radix: 36))
            guard let node = id ?? made else { throw StartError("no id for the node; give -id") }
            return Identity(inMemory: node)
        case .rocksdb:
            return try Startup.make { () throws(DataFolderError) in
                Identity(
                    folder: try DataFolder(
                        at: options.dataPath(port: port), node: id, version: NodeOptions.version))
            }
        }
    }

    private func openStore(_ identity: Identity, _ wakeup: WakeupRelay) throws(StartError) -> any Store {
        guard let folder = identity.folder else { return MemoryStore() }
        return try Startup.make { () throws(StoreError) in
            try DiskStore(
                in: folder, policy: options.fsync, memoryBytesMax: options.memoryBytes, wake: { wakeup.wake() })
        }
    }

    // MARK: Small things

    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

extension Startup {
    /// What goes wrong while the node is made ends it with one line.
    fileprivate static func make<Value>(_ body: () throws(IOError) -> Value) throws(StartError) -> Value {
        do throws(IOError) { return try body() } catch { throw StartError(error.text) }
    }
    fileprivate static func make<Value>(_ body: () throws(StoreError) -> Value) throws(StartError) -> Value {
        do throws(StoreError) { return try body() } catch { throw StartError(error.message) }
    }
    fileprivate static func make<Value>(
        _ body: () throws(DataFolderError) -> Value
    ) throws(StartError) -> Value {
        do throws(DataFolderError) { return try body() } catch { throw StartError(error.message) }
    }
}
