/// What is done with a key: each has one use for all its life.
enum KeyKind: String, CaseIterable {
    /// GET, SET, DELETE.
    case register
    /// GET and additions.
    case counter
    /// GET and appends.
    case list
    /// GET, SET and compare-and-set.
    case contested
}
