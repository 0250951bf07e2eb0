/// All nodes on 127.0.0.1: nothing can be cut.
final class LoopbackNetwork: RingNetwork {
    let cannotCut: String?

    init(because reason: String) { cannotCut = reason }

    func makePlace() -> NetworkPlace? {
        NetworkPlace(host: "127.0.0.1", port: FreePorts.next(), starter: [], flags: [])
    }

    func cut(_ ways: [(from: NetworkPlace, to: NetworkPlace)]) -> Bool { ways.isEmpty }
    func close() {}
}
