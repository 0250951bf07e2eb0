/// Ways between nodes that are cut, the nodes named by number.
struct Cut {
    let name: String
    let ways: [(from: Int, to: Int)]
    /// The nodes that are not with a majority that hears each other.
    let touched: [Int]

    static func oneWay(_ from: [Int], _ to: [Int]) -> [(from: Int, to: Int)] {
        from.flatMap { one in to.map { (one, $0) } }
    }

    static func both(_ some: [Int], _ others: [Int]) -> [(from: Int, to: Int)] {
        oneWay(some, others) + oneWay(others, some)
    }
}
