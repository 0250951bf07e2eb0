/// The core workloads of YCSB (Cooper and others: Benchmarking Cloud Serving Systems with YCSB, SoCC 2010) but E, which
/// scans. A record is one value here.
package enum Workload: String, CaseIterable, Sendable {
    case a, b, c, d, f

    /// What a record of YCSB has: ten fields of a hundred bytes.
    package static let valueSize = 1_000

    package var mix: Mix {
        switch self {
        case .a: Mix([(.get, 50), (.set, 50)])
        case .b: Mix([(.get, 95), (.set, 5)])
        case .c: Mix([(.get, 100)])
        case .d: Mix([(.get, 95), (.insert, 5)])
        case .f: Mix([(.get, 50), (.rmw, 50)])
        }
    }

    package var distribution: Distribution { self == .d ? .latest : .zipf }
}
