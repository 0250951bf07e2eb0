import Cluster
import Glibc

extension ReplicatorSettings {
    /// In builds with `-D DEFECTS` a node has the defect that `TORC_DEFECT` names: it proves the checks of
    /// `torc-torture`. In all others there is nothing of it.
    mutating func takeDefectFromEnvironment() {
        #if DEFECTS
            defect = getenv("TORC_DEFECT").flatMap { Defect(rawValue: String(cString: $0)) }
        #endif
    }
}
