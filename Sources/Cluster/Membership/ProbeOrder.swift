/// Whom to probe next: every peer once in a round, each round in an order of its own, so that the time
/// until a dead node is probed is bounded. (SWIM paper, section 4.3.)
struct ProbeOrder {
    private var order: [Int] = []
    private var position = 0
    /// To be probed before all others: their stream broke, or somebody suspects them.
    private var urgent: [Int] = []

    /// A new peer comes in at a random place of what is left of the round.
    mutating func insert(_ number: Int, random: inout Random) {
        order.insert(number, at: Int.random(in: position...order.count, using: &random))
    }

    mutating func hurry(_ number: Int) {
        if !urgent.contains(number) { urgent.append(number) }
    }

    /// - Returns: the next of those that are in a hurry for which `isReachable` holds.
    mutating func nextUrgent(isReachable: (Int) -> Bool) -> Int? {
        while !urgent.isEmpty {
            let number = urgent.removeFirst()
            if isReachable(number) { return number }
        }
        return nil
    }

    /// - Returns: the next peer of the round for which `isReachable` holds; nil when there is none.
    mutating func next(random: inout Random, isReachable: (Int) -> Bool) -> Int? {
        for _ in 0..<order.count {
            if position >= order.count {
                order.shuffle(using: &random)
                position = 0
            }
            let number = order[position]
            position += 1
            if isReachable(number) { return number }
        }
        return nil
    }
}
