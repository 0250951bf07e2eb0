import Flags

/// How often which verb comes: `get:95,set:5`. The numbers are parts of their sum.
package struct Mix: Equatable, Sendable {
    package struct Part: Equatable, Sendable {
        package let verb: Verb
        package let weight: Int
    }

    private static let weightMax = 1_000_000

    package let parts: [Part]
    /// Of 2³² equally likely numbers those below belong to the part or one before it.
    private let thresholds: [UInt64]

    package init(_ parts: [(Verb, Int)]) {
        self.parts = parts.map { Part(verb: $0.0, weight: $0.1) }
        let total = parts.reduce(0) { $0 + $1.1 }
        var sum = 0
        thresholds = parts.map { part in
            sum += part.1
            return UInt64(sum) << 32 / UInt64(max(1, total))
        }
    }

    package init(_ text: String) throws(InvalidValue) {
        var parts: [(Verb, Int)] = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let part = try Mix.part(item)
            guard !parts.contains(where: { $0.0 == part.0 }) else { throw InvalidValue("\(part.0.name) stands there twice") }
            parts.append(part)
        }
        guard parts.contains(where: { $0.1 > 0 }) else { throw InvalidValue("nothing is left where all are 0") }
        self.init(parts.filter { $0.1 > 0 })
    }

    private static func part(_ item: Substring) throws(InvalidValue) -> (Verb, Int) {
        let words = item.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let verb = Verb.forMixes.first(where: { $0.name == words[0].lowercased() }) else {
            let names = Verb.forMixes.map(\.name).joined(separator: ", ")
            throw InvalidValue("\"\(words[0])\" is not one of \(names)")
        }
        guard words.count == 2 else { return (verb, 1) }
        guard let weight = Int(words[1]), (0...weightMax).contains(weight) else {
            throw InvalidValue("the part of \(verb.name) is a whole number from 0 to \(weightMax), not \"\(words[1])\"")
        }
        return (verb, weight)
    }

    package var verbs: [Verb] { parts.map(\.verb) }

    /// The verb that a random number stands for.
    func verb(for number: UInt64) -> Verb {
        let point = number & 0xFFFF_FFFF
        for index in 0..<thresholds.count - 1 where point < thresholds[index] { return parts[index].verb }
        return parts[parts.count - 1].verb
    }

    package var description: String { parts.map { "\($0.verb.name):\($0.weight)" }.joined(separator: ",") }
}
