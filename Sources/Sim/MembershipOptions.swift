/// What is set of a run of gossip alone.
struct MembershipOptions {
    var nodes = 1_000
    var time = Duration.seconds(300)
    var seed: UInt64 = 1
    var loss = 0.01
}
