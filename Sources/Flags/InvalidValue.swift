/// Why a text is no value of its kind; the reason completes "`-flag text`: …".
package struct InvalidValue: Error, Equatable {
    package let reason: String

    package init(_ reason: String) { self.reason = reason }
}
