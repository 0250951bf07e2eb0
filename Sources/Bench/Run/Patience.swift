/// Notices that a server has nothing to say any more: a run that waits for so many replies, not for so long, would never
/// end.
struct Patience {
    private let nanoseconds: UInt64
    private var seen = -1
    private var since: UInt64 = 0

    init(_ time: Duration) { nanoseconds = UInt64(max(0, time / .nanoseconds(1))) }

    /// - Parameters:
    ///   - progress: any number that changes whenever something goes on.
    ///   - now: in nanoseconds.
    /// - Returns: whether it has been the same for as long as the patience lasts.
    mutating func isOver(_ progress: Int, at now: UInt64) -> Bool {
        guard progress == seen else {
            (seen, since) = (progress, now)
            return false
        }
        return now - since >= nanoseconds
    }
}
