/// How a ring is, as one of its nodes sees it.
public struct TorcStatus: Equatable, Sendable {
    public struct Node: Equatable, Sendable {
        public let id: String
        public let addr: String
        public let zone: String
        /// What the ring knows of it for ever: joining, active, down, leaving or gone.
        public let status: String
        /// What is seen of it now: alive, suspect or dead.
        public let liveness: String
        /// Slots that it should hold; nil, like what follows, where it did not say.
        public let targets: UInt64?
        /// Slots that it does hold.
        public let holds: UInt64?
        public let keys: UInt64?
        /// Of its keys and values.
        public let bytes: UInt64?
    }

    /// Something that has not happened yet, and why.
    public struct Waiting: Equatable, Sendable {
        public let node: String
        public let what: String
        public let waitingFor: String
    }

    /// A fact about the ring as a whole.
    public struct Fact: Equatable, Sendable {
        public let name: String
        public let value: String
    }

    public let ring: [Fact]
    public let nodes: [Node]
    public let waiting: [Waiting]
    /// All of it, as the node sent it: one JSON object.
    public let json: String

    /// Nil when `json` is not one JSON object with at least a list of `nodes`.
    package init?(json: [UInt8]) {
        guard let tree = JSONReader.read(json), case .array(let nodes)? = tree["nodes"] else { return nil }
        self.json = String(decoding: json, as: UTF8.self)
        ring = tree["ring"]?.fields.compactMap { field in
            field.value.text.map { Fact(name: field.name, value: $0) }
        } ?? []
        self.nodes = nodes.compactMap(Node.init)
        waiting = tree["waiting"]?.elements.compactMap(Waiting.init) ?? []
    }
}

extension TorcStatus.Node {
    fileprivate init?(_ tree: JSONValue) {
        guard let id = tree["id"]?.text, let addr = tree["addr"]?.text else { return nil }
        self.init(
            id: id, addr: addr, zone: tree["zone"]?.text ?? "", status: tree["status"]?.text ?? "",
            liveness: tree["liveness"]?.text ?? "", targets: tree["targets"]?.count,
            holds: tree["holds"]?.count, keys: tree["keys"]?.count, bytes: tree["bytes"]?.count)
    }
}

extension TorcStatus.Waiting {
    fileprivate init?(_ tree: JSONValue) {
        guard let what = tree["what"]?.text else { return nil }
        self.init(node: tree["node"]?.text ?? "", what: what, waitingFor: tree["waiting_for"]?.text ?? "")
    }
}
