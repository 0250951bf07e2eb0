import Flags

extension ValueKind<UInt64> {
    static var seed: ValueKind<UInt64> {
        ValueKind<UInt64>(
            parse: { text throws(InvalidValue) in
                guard let seed = UInt64(text) else { throw InvalidValue("not a whole number from 0 on") }
                return seed
            },
            format: { String($0) })
    }
}
