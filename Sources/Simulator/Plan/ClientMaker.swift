import Cluster
import Protocol

/// Draws what the clients do: few hot keys and some cold ones, reads and writes of every kind.
struct ClientMaker {
    private let settings: WorldSettings
    private let span: Duration
    private let seed: UInt64
    private var random: Random

    init(settings: WorldSettings, span: Duration, seed: UInt64) {
        self.settings = settings
        self.span = span
        self.seed = seed
        random = Random(seed: seed)
    }

    func clients() -> [[ClientOperation]] {
        var maker = self
        return withLaterKinds(maker.draw())
    }

    /// Kinds that came later take the place of others, in half of all worlds; the other half stays as it was.
    private func withLaterKinds(_ clients: [[ClientOperation]]) -> [[ClientOperation]] {
        var other = Random(seed: seed, purpose: 4)
        guard other.chance(permille: 500) else { return clients }
        let permille = [50, 200, 600][Int.random(in: 0..<3, using: &other)]
        return clients.map { operations in
            operations.map { other.chance(permille: permille) ? $0.replaced(using: &other) : $0 }
        }
    }

    private mutating func draw() -> [[ClientOperation]] {
        let count = Int.random(in: 2...6, using: &random)
        let pauseMax = [20, 100, 400][Int.random(in: 0..<3, using: &random)]
        let writesPermille = [200, 500, 900][Int.random(in: 0..<3, using: &random)]
        let otherLevelsPermille = random.chance(permille: 500) ? 0 : 200
        // One after the other, so at most so many fit into the time.
        let each = min(20_000, Int(span.wholeMilliseconds) / (pauseMax / 2) + 10)
        return (0..<count).map { _ in
            (0..<each).map { _ in
                operation(pauseMax, writesPermille: writesPermille, otherLevelsPermille: otherLevelsPermille)
            }
        }
    }

    private mutating func operation(
        _ pauseMax: Int, writesPermille: Int, otherLevelsPermille: Int
    ) -> ClientOperation {
        let keys = settings.slots * settings.keysPerSlot
        // Half of all on the first key.
        let key = random.chance(permille: 500) ? 0 : Int.random(in: 0..<keys, using: &random)
        var level = Consistency.quorum
        if random.chance(permille: otherLevelsPermille) { level = random.chance(permille: 500) ? .one : .all }
        let (kind, keyKind) = random.chance(permille: writesPermille)
            ? write() : (.get, KeyKind.allCases[Int.random(in: 0..<3, using: &random)])
        return ClientOperation(
            kind: kind, keyKind: keyKind, key: key, consistency: level,
            pause: random.duration(in: .zero ... .milliseconds(pauseMax)),
            node: Int.random(in: 0..<1_000, using: &random),
            retries: random.chance(permille: 500) ? Int.random(in: 0...2, using: &random) : 0,
            patience: random.chance(permille: 300)
                ? random.duration(in: .milliseconds(2) ... .milliseconds(800)) : nil)
    }

    private mutating func write() -> (ClientOperation.Kind, KeyKind) {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<4: (.set, .register)
        case 4: (.pair(isSecondDeleted: random.chance(permille: 300)), .register)
        case 5: (.setWithTTL(random.duration(in: .milliseconds(50) ... .seconds(10))), .register)
        case 6..<8: (.delete, .register)
        // A list that begins anew leaves little to tell an order by.
        case 8: (.delete, .counter)
        // Few different amounts: many ways to a sum make the search for an order long.
        case 9..<13: (.add([1, 1, 1_000][Int.random(in: 0..<3, using: &random)]), .counter)
        case 13..<17: (.append, .list)
        default: (.compareAndSet, .register)
        }
    }
}
