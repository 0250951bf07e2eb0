/// Why an operation cannot be done on the value that is there.
package enum OperationFault: UInt8, Error, Sendable, CaseIterable {
    // The numbers are on disk: do not change them.
    case notAnInteger = 1
    case overflow = 2
    case valueTooLong = 3
    case notADecimal = 4
    case notFinite = 5
    case batchTooLarge = 6
    case otherSlot = 7

    package var message: String {
        switch self {
        case .notAnInteger: "value is not an integer or out of range"
        case .overflow: "increment or decrement would overflow"
        case .valueTooLong: "value would be over the limit of \(Limits.valueBytesMax) bytes"
        case .notADecimal: "value is not a decimal number"
        case .batchTooLarge: "values of the batch would be over the limit of \(Limits.valueBytesMax) bytes together"
        case .otherSlot: "keys of one write must be of one slot: give them one {tag}"
        case .notFinite: "increment would produce NaN or Infinity"
        }
    }
}
