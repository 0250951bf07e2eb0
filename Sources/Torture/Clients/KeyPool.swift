import Cluster

/// Which key is worked on next: of each kind one hot key and many cold ones. After so many operations a key is
/// left alone and another one takes its place, so that the search for an order has an end; what it held must
/// still be there at the end, and is read now and then.
struct KeyPool {
    private struct Spot {
        var generation = 0
        var uses = 0
    }

    private static let coldSpots = 24
    /// Every operation of a list carries the whole of it.
    private static func usesMax(_ kind: KeyKind) -> Int { kind == .list ? 150 : 300 }

    private var spots: [String: Spot] = [:]
    private var kinds: [String: KeyKind] = [:]
    /// Every key so far, in the order of their first use.
    private(set) var all: [String] = []

    func kind(of key: String) -> KeyKind { kinds[key] ?? .register }

    mutating func next(of kind: KeyKind, _ random: inout Random) -> String {
        let isHot = Int.random(in: 0..<3, using: &random) != 0
        let place = isHot ? "hot" : "cold\(Int.random(in: 0..<KeyPool.coldSpots, using: &random))"
        let name = "\(kind.rawValue)-\(place)"
        var spot = spots[name] ?? Spot()
        spot.uses += 1
        if spot.uses > KeyPool.usesMax(kind) { spot = Spot(generation: spot.generation + 1, uses: 1) }
        spots[name] = spot
        let key = "\(name)-\(spot.generation)"
        if spot.uses == 1 {
            all.append(key)
            kinds[key] = kind
        }
        return key
    }

    func any(_ random: inout Random) -> String? { all.randomElement(using: &random) }
}
