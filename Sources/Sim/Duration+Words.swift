import Simulator

extension Duration {
    /// In hours, minutes and seconds.
    var words: String {
        let seconds = wholeMilliseconds / 1_000
        if seconds >= 3_600 { return "\(seconds / 3_600) h \(seconds / 60 % 60) min" }
        return seconds >= 60 ? "\(seconds / 60) min \(seconds % 60) s" : "\(seconds) s"
    }
}
