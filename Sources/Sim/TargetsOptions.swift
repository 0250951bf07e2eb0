/// Of which table of targets the time is taken.
struct TargetsOptions {
    var nodes = 1_000
    var replicas = 3
    var rounds = 5
}
