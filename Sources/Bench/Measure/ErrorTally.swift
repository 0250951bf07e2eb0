/// Errors by kind, with the first text of each.
package struct ErrorTally: Sendable {
    package struct Kind: Equatable, Sendable {
        package let name: String
        package fileprivate(set) var count: Int
        /// The first one, whole.
        package let text: String
    }

    /// A server that says something else each time must not fill the memory.
    private static let kindsMax = 20

    /// In the order in which they came up.
    package private(set) var kinds: [Kind] = []
    package private(set) var count = 0

    package mutating func add(_ text: String, times: Int = 1) {
        guard times > 0 else { return }
        count += times
        let name = ErrorTally.name(of: text)
        if let index = kinds.firstIndex(where: { $0.name == name }) {
            kinds[index].count += times
        } else if kinds.count < ErrorTally.kindsMax {
            kinds.append(Kind(name: name, count: times, text: text))
        } else {
            addToRest(text, times)
        }
    }

    package mutating func merge(_ other: ErrorTally) {
        for kind in other.kinds { add(kind.text, times: kind.count) }
    }

    private mutating func addToRest(_ text: String, _ times: Int) {
        if let index = kinds.firstIndex(where: { $0.name == "others" }) {
            kinds[index].count += times
        } else {
            kinds.append(Kind(name: "others", count: times, text: text))
        }
    }

    /// What stands before the first colon, where there is one, else the first word: texts of one kind differ behind it.
    private static func name(of text: String) -> String {
        let head = text.prefix { $0 != ":" }
        if head.count < text.count { return String(head.prefix(40)) }
        return String(text.prefix { $0 != " " }.prefix(40))
    }
}
