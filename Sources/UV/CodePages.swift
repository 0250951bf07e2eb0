import CGNU

/// The pages of code and constants of the program and its libraries.
package enum CodePages {
    /// Gives back those that are mapped: what only the start needed does not stay resident. Some hundred are mapped again
    /// as they are used, in well under a microsecond each.
    package static func release() { torc_release_code_pages() }
}
