import Cluster

extension ClientOperation {
    /// One of the kinds that are drawn apart, with everything else as it is.
    func replaced(using random: inout Random) -> ClientOperation {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<7: with(.getTwins, .twins)
        case 7..<14: with(.swapTwins, .twins)
        case 14..<17: with(.setTwins, .twins)
        default: with(.burst(Int.random(in: 2...6, using: &random)), .list)
        }
    }

    private func with(_ kind: Kind, _ keyKind: KeyKind) -> ClientOperation {
        ClientOperation(
            kind: kind, keyKind: keyKind, key: key, consistency: consistency, pause: pause, node: node,
            retries: retries, patience: patience)
    }
}
