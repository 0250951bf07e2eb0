/// What the command line of `torc-torture` decides.
struct TortureOptions {
    /// For how long things go wrong; starting, mending and checking come on top.
    var time = Duration.seconds(600)
    var nodes = 5
    var clients = 8
    /// Nil: drawn.
    var seed: UInt64?
    var faults = FaultKind.allCases
    /// Nil: `torture-SEED` in the folder of work.
    var dir: String?
    /// Nil: `history.txt` in that folder.
    var history: String?
    /// Where `torc-node` is; nil: by `TORC_BIN`, else beside this program.
    var bin: String?
    var evictAfter = Duration.seconds(10)
    /// The longest time that a node is stopped.
    var pause = Duration.seconds(8)
    var keeps = false
}
