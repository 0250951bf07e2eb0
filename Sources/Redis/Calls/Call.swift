import Protocol

/// What a data command asks: steps on keys, and how their results make its reply.
package struct Call: Equatable, Sendable {
    package enum Unity: Equatable, Sendable {
        /// Each key on its own, also of several slots; those of one slot in one step.
        case loose
        /// All keys are of one slot, and all is one step.
        case whole
    }

    package let steps: [Step]
    package let unity: Unity
    package let reply: Reply

    package init(_ steps: [Step], _ unity: Unity = .loose, reply: Reply) {
        self.steps = steps
        self.unity = unity
        self.reply = reply
    }

    static func read(_ key: [UInt8], reply: Reply) -> Call { Call([.read(key)], reply: reply) }

    static func write(_ key: [UInt8], _ write: Write, reply: Reply) -> Call {
        Call([.write(KeyedWrite(key: key, write: write, isRequired: false))], reply: reply)
    }

    /// The slot of all its keys; nil: they are of several.
    package var slot: Slot? {
        guard let first = steps.first.map({ Slot(key: $0.key) }) else { return nil }
        return steps.dropFirst().allSatisfy { Slot(key: $0.key) == first } ? first : nil
    }

    package var isWrite: Bool { steps.contains(where: \.isWrite) }
}
