import Cluster

extension ReplicatorSettings {
    /// Whether this build can have defects at all.
    package static var hasDefects: Bool {
        #if DEFECTS
            true
        #else
            false
        #endif
    }

    mutating func setDefect(_ name: String?) {
        #if DEFECTS
            defect = name.flatMap(Defect.init(rawValue:))
        #endif
    }
}
