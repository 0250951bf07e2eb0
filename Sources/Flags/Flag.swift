/// One flag of a program: its name, what it sets in the program's `Options`, and what `-help` says of it.
package struct Flag<Options> {
    package let name: String
    /// What stands for the value in `-help`; nil for a flag without one.
    package let placeholder: String?
    package let help: String
    /// Sets the value that was read from a text (of a flag without value: from nothing).
    let set: (inout Options, String) throws(InvalidValue) -> Void
    /// The value in some options, as it would be written on the command line.
    let format: (Options) -> String?

    /// A flag with a value. Its default is what `Options` begins with.
    package static func value<Value>(
        _ name: String, _ placeholder: String, _ path: WritableKeyPath<Options, Value>,
        _ kind: ValueKind<Value>, _ help: String
    ) -> Flag {
        Flag(
            name: name, placeholder: placeholder, help: help,
            set: { options, text throws(InvalidValue) in options[keyPath: path] = try kind.parse(text) },
            format: { options in kind.format(options[keyPath: path]) })
    }

    /// A flag with a value that is absent unless given.
    package static func value<Value>(
        _ name: String, _ placeholder: String, _ path: WritableKeyPath<Options, Value?>,
        _ kind: ValueKind<Value>, _ help: String
    ) -> Flag {
        Flag(
            name: name, placeholder: placeholder, help: help,
            set: { options, text throws(InvalidValue) in options[keyPath: path] = try kind.parse(text) },
            format: { options in options[keyPath: path].flatMap(kind.format) })
    }

    /// A flag without a value, off unless given.
    package static func toggle(
        _ name: String, _ path: WritableKeyPath<Options, Bool>, _ help: String
    ) -> Flag {
        Flag(
            name: name, placeholder: nil, help: help,
            set: { options, _ in options[keyPath: path] = true },
            format: { _ in nil })
    }
}
