import Cluster

/// How the network is from one node to another.
struct Way {
    var isClogged = false
    /// How many times slower than usual.
    var slowness = 1
}
