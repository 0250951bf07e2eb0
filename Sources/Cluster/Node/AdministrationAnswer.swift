/// What an operator's command came to, in words.
package enum AdministrationAnswer: Equatable, Sendable {
    case done(String)
    /// Nothing was done.
    case refused(String)
}
