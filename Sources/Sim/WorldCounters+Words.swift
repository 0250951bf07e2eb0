import Simulator

extension WorldCounters {
    var words: String {
        "\(operations) operations (\(unavailable) unavailable, \(unanswered) unanswered), \(faults) faults, "
            + "\(configurations) configurations, \(committed) commits, \(messages) messages"
    }
}
