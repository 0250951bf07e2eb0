import Cluster
import Flags
import Simulator

/// The value of `-defect`.
struct DefectName {
    let name: String
}

extension ValueKind<DefectName> {
    static var defect: ValueKind<DefectName> {
        ValueKind<DefectName>(
            parse: { text throws(InvalidValue) in
                guard ReplicatorSettings.hasDefects else {
                    throw InvalidValue("this build has no defects; build with -Xswiftc -DDEFECTS")
                }
                guard Defect(rawValue: text) != nil else {
                    throw InvalidValue("no such defect; -defects lists them")
                }
                return DefectName(name: text)
            },
            format: { $0.name })
    }
}
