import Cluster
import History
import Protocol

/// What is known of one key from its clients' side: the history for the checker, and how far in the order of
/// its committed writes the answers have come.
struct KeyLedger {
    let key: [UInt8]
    let slot: Slot
    var history: KeyHistory
    /// The furthest place in the order of the key's writes that an answered quorum operation has shown.
    var floor = 0

    init(key: [UInt8], skew: Duration) {
        self.key = key
        slot = Slot(key: key)
        history = KeyHistory(skew: skew)
    }
}
