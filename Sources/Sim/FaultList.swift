import Flags
import Simulator

/// The value of `-faults`.
struct FaultList {
    let text: String
    let kinds: Set<FaultKind>
}

extension ValueKind<FaultList> {
    static var faults: ValueKind<FaultList> {
        ValueKind<FaultList>(
            parse: { text throws(InvalidValue) in
                switch text {
                case "all": return FaultList(text: text, kinds: Set(FaultKind.allCases))
                case "none": return FaultList(text: text, kinds: [])
                default: break
                }
                var kinds: Set<FaultKind> = []
                for word in text.split(separator: ",") {
                    guard let kind = FaultKind(rawValue: String(word)) else {
                        let names = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
                        throw InvalidValue("\(word) is no fault; there are all, none, \(names)")
                    }
                    kinds.insert(kind)
                }
                return FaultList(text: text, kinds: kinds)
            },
            format: { $0.text })
    }
}
