import Flags

extension ValueKind<Double> {
    /// A part of a whole: from 0 to 1.
    static var part: ValueKind<Double> {
        ValueKind<Double>(
            parse: { text throws(InvalidValue) in
                guard let part = Double(text), (0...1).contains(part) else {
                    throw InvalidValue("not a number from 0 to 1")
                }
                return part
            },
            format: { "\($0)" })
    }
}
