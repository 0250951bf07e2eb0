/// Where nodes listen, and what can be cut between them.
protocol RingNetwork: AnyObject {
    /// Why no way can be cut; nil: they can.
    var cannotCut: String? { get }

    /// A place for one more node: its address, and the words to put before its program.
    /// - Returns: nil when the system makes none.
    func makePlace() -> NetworkPlace?

    /// From now on exactly these ways are cut, each from one place to another; what is sent there is lost
    /// without a word.
    func cut(_ ways: [(from: NetworkPlace, to: NetworkPlace)]) -> Bool

    /// Ends what was made.
    func close()
}
