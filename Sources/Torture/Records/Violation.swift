/// What a history breaks.
struct Violation: Equatable {
    enum Law: String {
        case linearizable = "operations at quorum are linearizable, key by key"
        case decided = "the search for an order comes to a verdict"
        case counters = "a counter is the sum of what was acknowledged, and of no more than was sent"
        case lists = "a list has each acknowledged element once, none twice, and none that was not sent"
        case readable = "every key can be read at the end"
    }

    let law: Law
    let key: String
    let text: String
}
