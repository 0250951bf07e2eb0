/// A command line that cannot be used. Its description is one line that names what is wrong.
package enum FlagError: Error, Equatable {
    case unknown(String)
    /// An abbreviation of more than one flag.
    case ambiguous(String, [String])
    case missingValue(flag: String, placeholder: String)
    case unwantedValue(flag: String)
    case badValue(flag: String, value: String, reason: String)
    case unexpectedOperand(String)
}

extension FlagError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknown(let argument):
            "unknown flag \(argument)"
        case .ambiguous(let argument, let candidates):
            "\(argument) is short for more than one flag: \(candidates.map { "-" + $0 }.joined(separator: ", "))"
        case .missingValue(let flag, let placeholder):
            "-\(flag) needs a value: -\(flag) \(placeholder)"
        case .unwantedValue(let flag):
            "-\(flag) takes no value"
        case .badValue(let flag, let value, let reason):
            "-\(flag) \(value.isEmpty ? "\"\"" : value): \(reason)"
        case .unexpectedOperand(let operand):
            "unexpected argument \(operand)"
        }
    }
}
