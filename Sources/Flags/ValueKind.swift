/// How a flag's value is read, and written in `-help`.
package struct ValueKind<Value> {
    package let parse: (String) throws(InvalidValue) -> Value
    /// Nil where there is nothing to show, as for an empty list.
    package let format: (Value) -> String?

    package init(
        parse: @escaping (String) throws(InvalidValue) -> Value,
        format: @escaping (Value) -> String?
    ) {
        self.parse = parse
        self.format = format
    }
}

extension ValueKind where Value == String {
    /// Any text but an empty one.
    package static var text: ValueKind {
        ValueKind(
            parse: { text throws(InvalidValue) in
                guard !text.isEmpty else { throw InvalidValue("must not be empty") }
                return text
            },
            format: { $0.isEmpty ? nil : $0 })
    }
}

extension ValueKind where Value == Int {
    /// A whole number within `range`.
    package static func integer(in range: ClosedRange<Int>) -> ValueKind {
        ValueKind(
            parse: { text throws(InvalidValue) in
                guard let number = Int(text), range.contains(number) else {
                    throw InvalidValue("not a whole number from \(range.lowerBound) to \(range.upperBound)")
                }
                return number
            },
            format: { String($0) })
    }
}

extension ValueKind where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the names of an enum's cases.
    package static var name: ValueKind {
        .choice(of: Array(Value.allCases), named: \.rawValue)
    }
}

extension ValueKind {
    /// One of `values`, by name, whatever the case of its letters.
    package static func choice(of values: [Value], named name: @escaping (Value) -> String) -> ValueKind {
        ValueKind(
            parse: { text throws(InvalidValue) in
                for value in values where name(value) == text.lowercased() { return value }
                throw InvalidValue("not one of \(values.map(name).joined(separator: ", "))")
            },
            format: name)
    }

    /// Values separated by commas, at least one.
    package static func list<Element>(of kind: ValueKind<Element>) -> ValueKind where Value == [Element] {
        ValueKind(
            parse: { text throws(InvalidValue) in
                var values: [Element] = []
                for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                    guard !part.isEmpty else { throw InvalidValue("an item of the list is empty") }
                    values.append(try kind.parse(String(part)))
                }
                return values
            },
            format: { values in
                values.isEmpty ? nil : values.compactMap(kind.format).joined(separator: ",")
            })
    }
}
