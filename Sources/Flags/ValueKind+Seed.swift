extension ValueKind<UInt64> {
    /// What a random generator begins with: any whole number of 64 bits.
    package static var seed: ValueKind {
        ValueKind(
            parse: { text throws(InvalidValue) in
                guard let seed = UInt64(text) else { throw InvalidValue("not a whole number from 0 on") }
                return seed
            },
            format: { String($0) })
    }
}
