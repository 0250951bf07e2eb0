import Protocol

/// What of a call goes to one slot as one operation.
package struct Part: Equatable, Sendable {
    package let slot: Slot
    /// Of the call's steps.
    package let steps: [Int]
    package let operation: Operation
    /// Empty for what is of several keys.
    package let key: [UInt8]
}

extension Part {
    fileprivate init(of step: Step, at index: Int, _ slot: Slot) {
        switch step {
        case .read(let key): self.init(slot: slot, steps: [index], operation: .get, key: key)
        case .write(let item): self.init(slot: slot, steps: [index], operation: .write(item.write), key: item.key)
        }
    }
}

extension Call {
    /// - Throws: where keys that must be of one slot are not, or all together are too much for one operation.
    package func parts() throws(RedisFault) -> [Part] {
        if steps.count == 1 { return [Part(of: steps[0], at: 0, Slot(key: steps[0].key))] }
        if unity == .whole {
            guard let slot else { throw .crossSlot }
            return [try part(of: Array(steps.indices), slot)]
        }
        var places: [Slot: Int] = [:]
        var groups: [(slot: Slot, steps: [Int])] = []
        for (index, step) in steps.enumerated() {
            let slot = Slot(key: step.key)
            if let place = places[slot], groups[place].steps.count < Limits.batchWritesMax {
                groups[place].steps.append(index)
            } else {
                places[slot] = groups.count
                groups.append((slot, [index]))
            }
        }
        var parts: [Part] = []
        for group in groups { parts.append(try part(of: group.steps, group.slot)) }
        return parts
    }

    private func part(of indices: [Int], _ slot: Slot) throws(RedisFault) -> Part {
        if indices.count == 1 { return Part(of: steps[indices[0]], at: indices[0], slot) }
        let chosen = indices.map { steps[$0] }
        guard chosen.count <= Limits.batchWritesMax, chosen.reduce(0, { $0 + $1.size }) <= Limits.valueBytesMax
        else { throw RedisFault(.batchTooLarge) }
        let operation: Operation = chosen.contains(where: \.isWrite)
            ? .batch(chosen.map(\.keyedWrite)) : .query(.entries(chosen.map(\.key)))
        return Part(slot: slot, steps: indices, operation: operation, key: [])
    }
}
