/// What is not begun at once, so that the clients of a node have the processor in between.
extension Replicator {
    /// When this node wants a turn though nothing happens; nil: it wants none.
    package var nextTurnAt: Instant? {
        if !reviews.isEmpty { return now }
        let mayClose = !waitingClosings.isEmpty && closingUnderWay <= settings.closingMax / 2
        let mayLearn = !waitingLessons.isEmpty && pulling.count <= settings.pullsMax / 2
        switch (mayClose, mayLearn) {
        case (true, true): return max(now, min(closings.nextAt, lessons.nextAt))
        case (true, false): return max(now, closings.nextAt)
        case (false, true): return max(now, lessons.nextAt)
        case (false, false): return nil
        }
    }
}
