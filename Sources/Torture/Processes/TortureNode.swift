import Glibc

/// A node of the ring and what is being done to it.
///
///     starting ──▶ running ◀──▶ paused
///        ▲            ├──▶ stopping, leaving ──▶ down ──▶ starting
///        └────────────┴──▶ down (killed)
///                         leaving ──▶ gone
final class TortureNode {
    enum Phase: Equatable {
        case starting, running, paused, stopping, leaving
        /// No process; it starts again at `wakeAt`.
        case down
        /// It has left for ever.
        case gone
    }

    let id: String
    let place: NetworkPlace
    let folder: String
    private let program: String
    private let flags: [String]
    private(set) var child: ChildProcess?
    private var lives = 0
    var phase = Phase.down
    /// When its present phase ends, where that is planned: milliseconds on the loop's clock.
    var wakeAt: UInt64 = 0
    /// Its ways to or from other nodes are cut.
    var isCut = false
    /// Nanoseconds: when something was last done to it, or ended.
    var disturbedAt: UInt64 = 0
    /// It was told to leave: its end may come before the word of it.
    var isToLeave = false
    /// It is to be known by another disk in its next life.
    var losesDisk = false

    init(id: String, place: NetworkPlace, folder: String, program: String, flags: [String]) {
        self.id = id
        self.place = place
        self.folder = folder
        self.program = program
        self.flags = flags + place.flags
    }

    var isDisturbed: Bool { phase != .running || isCut }
    /// Whether requests can be sent to it: it may be asleep.
    var canBeAsked: Bool { [.starting, .running, .paused, .leaving].contains(phase) }

    private var output: String { "\(folder)-life\(lives)" }

    /// - Parameter others: addresses of nodes to join; empty: it makes a ring.
    /// - Returns: false when the system starts no process.
    func start(joining others: [String]) -> Bool {
        if losesDisk { Files.remove(folder) }
        losesDisk = false
        lives += 1
        let join = others.isEmpty ? [] : ["-join", others.joined(separator: ",")]
        child = ChildProcess(
            place.starter + [program, "-id", id, "-addr", place.address, "-data", folder] + flags + join,
            output: output)
        phase = .starting
        return child != nil
    }

    /// It has said that it holds all that it should.
    func saysReady() -> Bool {
        guard let text = Files.read(output + ".out") else { return false }
        return String(decoding: text, as: UTF8.self).contains(" ready on ")
    }

    /// The last line that it logged.
    func lastWord() -> String {
        let text = String(decoding: Files.read(output + ".err") ?? [], as: UTF8.self)
        return text.split(separator: "\n").last.map(String.init) ?? ""
    }

    func signal(_ number: Int32) { child?.signal(number) }

    /// As the end of its process by SIGKILL; it is gone when this returns.
    func kill() {
        child?.end()
        phase = .down
    }
}
