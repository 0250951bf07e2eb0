import Glibc

/// Each node in a network namespace of its own; this process, in another one, is the router between them:
///
///     node 1 ── 10.77.1.2 ═ veth ═ 10.77.1.1 ─┐
///     node 2 ── 10.77.2.2 ═ veth ═ 10.77.2.1 ─┤ this process: forwards, and drops by `ip rule … blackhole`
///     …                                       ┘
///
/// None of it is connected with the machine's network, and all of it ends with this process. Ways between
/// clients and nodes are never cut: a client sees what a node that is cut off says.
final class NamespaceNetwork: RingNetwork {
    /// Set in the environment of a process that is in its namespace already.
    private static let mark = "TORC_TORTURE_NAMESPACE"
    /// Rules come before those that the system begins with, but for that of local addresses.
    private static let preference = 100

    let cannotCut: String? = nil
    private let folder: String
    /// Keep the namespaces.
    private var holders: [ChildProcess] = []
    private var rules: Set<String> = []

    private init(folder: String) { self.folder = folder }

    /// Starts this program again in a namespace of its own, where the system permits that. Does not return then.
    /// - Returns: why it does not.
    static func enter() -> String? {
        guard getenv(mark) == nil else { return nil }
        for program in ["ip", "unshare", "nsenter"] where !ChildProcess.run([program, "-V"]) {
            return "there is no \(program)"
        }
        for words in [["unshare", "--net"], ["unshare", "--map-root-user", "--net"]]
        where ChildProcess.run(words + ["sh", "-c", probe]) {
            setenv(mark, "1", 1)
            _ = ChildProcess.withCStrings(words + [Files.link("/proc/self/exe")] + CommandLine.arguments.dropFirst()) {
                execvp(words[0], $0)
            }
            unsetenv(mark)
        }
        return "network namespaces, veth pairs, forwarding or routing rules are not permitted here"
    }

    private static let probe = """
        ip link set lo up && ip link add probe0 type veth peer name probe1 && \
        ip rule add from 10.77.1.2 to 10.77.2.2 blackhole && echo 1 >/proc/sys/net/ipv4/ip_forward
        """

    /// In its namespace; nil when it cannot be set up.
    static func make(folder: String) -> NamespaceNetwork? {
        let network = NamespaceNetwork(folder: folder)
        let isReady = ChildProcess.run(
            ["sh", "-c", "ip link set lo up && echo 1 >/proc/sys/net/ipv4/ip_forward"], output: network.log)
        return isReady ? network : nil
    }

    private var log: String { "\(folder)/network" }

    func makePlace() -> NetworkPlace? {
        let number = holders.count + 1
        guard number < 250, let holder = ChildProcess(["unshare", "--net", "sleep", "infinity"], output: nil)
        else { return nil }
        holders.append(holder)
        guard awaitNamespace(of: holder) else { return nil }
        let inside = ["nsenter", "--net=/proc/\(holder.pid)/ns/net"]
        let (router, host) = ("10.77.\(number).1", "10.77.\(number).2")
        let isMade =
            run(["ip", "link", "add", "node\(number)", "type", "veth", "peer", "name", "eth0", "netns", "\(holder.pid)"])
            && run(["ip", "addr", "add", "\(router)/24", "dev", "node\(number)"])
            && run(["ip", "link", "set", "node\(number)", "up"])
            && run(inside + ["ip", "link", "set", "lo", "up"])
            && run(inside + ["ip", "addr", "add", "\(host)/24", "dev", "eth0"])
            && run(inside + ["ip", "link", "set", "eth0", "up"])
            && run(inside + ["ip", "route", "add", "default", "via", router])
        guard isMade else { return nil }
        return NetworkPlace(host: host, port: 8081, starter: inside, flags: ["-insecure"])
    }

    private func run(_ words: [String]) -> Bool { ChildProcess.run(words, output: log) }

    /// Until the process that was started has one that is not ours.
    private func awaitNamespace(of holder: ChildProcess) -> Bool {
        let own = Files.link("/proc/self/ns/net")
        for _ in 0..<5_000 where holder.isRunning() {
            let its = Files.link("/proc/\(holder.pid)/ns/net")
            if !its.isEmpty, its != own { return true }
            usleep(1_000)
        }
        return false
    }

    func cut(_ ways: [(from: NetworkPlace, to: NetworkPlace)]) -> Bool {
        let wanted = Set(ways.map { "from \($0.from.host) to \($0.to.host) blackhole pref \(NamespaceNetwork.preference)" })
        let lines =
            rules.subtracting(wanted).sorted().map { "rule del \($0)" }
            + wanted.subtracting(rules).sorted().map { "rule add \($0)" }
        rules = wanted
        guard !lines.isEmpty else { return true }
        return run(["sh", "-c", "printf '%s\\n' \"$@\" | ip -batch -", "sh"] + lines)
    }

    func close() {
        for holder in holders { holder.end() }
        holders = []
    }
}
