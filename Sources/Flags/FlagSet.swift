import CGNU

/// The command line of a program, as a list of flags. One dash or two, `-flag value` or `-flag=value`,
/// unambiguous abbreviations, `--` ends the flags, and so does the first argument that is none.
///
///     let line = FlagSet<Options>(program: "torc", operands: "[COMMAND]", flags: [
///         .value("timeout", "TIME", \.timeout, .duration, "how long to wait for an answer"),
///     ])
///     switch try line.parse(arguments, into: Options()) { … }
package struct FlagSet<Options> {
    /// What a command line asks for.
    package enum Request {
        case run(Options, operands: [String])
        case help
    }

    private let program: String
    private let summary: String
    private let operands: String?
    private let flags: [Flag<Options>]

    /// - Parameters:
    ///   - program: its name, for `-help`.
    ///   - summary: one line that says what it is.
    ///   - operands: how the arguments after the flags are shown in `-help`; nil when there may be none.
    package init(program: String, summary: String, operands: String?, flags: [Flag<Options>]) {
        self.program = program
        self.summary = summary
        self.operands = operands
        self.flags = flags
    }

    /// Reads `arguments`, of which the first is the program, over what `defaults` says. `-help` wins
    /// over whatever follows it.
    package func parse(_ arguments: [String], into defaults: Options) throws(FlagError) -> Request {
        var walk = FlagWalk(arguments: arguments, flags: flags.map { ($0.name, $0.placeholder != nil) })
        var options = defaults
        while let step = try walk.next(placeholder: { flags[$0].placeholder ?? "" }) {
            guard let index = step.flag else { return .help }
            do {
                try flags[index].set(&options, step.value)
            } catch {
                throw .badValue(flag: flags[index].name, value: step.value, reason: error.reason)
            }
        }
        if operands == nil, let operand = walk.operands.first { throw .unexpectedOperand(operand) }
        return .run(options, operands: walk.operands)
    }

    /// The text of `-help`, with every flag and its default.
    package func help(defaults: Options) -> String {
        var rows = flags.map { flag in
            let value = flag.placeholder.map { " " + $0 } ?? ""
            let standard = flag.format(defaults).map { " (default \($0))" } ?? ""
            return ("-\(flag.name)\(value)", flag.help + standard)
        }
        rows.append(("-help", "shows this"))
        let width = rows.map(\.0.count).max() ?? 0
        let usage = "usage: \(program) [FLAGS]\(operands.map { " " + $0 } ?? "")"
        let lines = rows.map { row in
            "  \(row.0)\(String(repeating: " ", count: width - row.0.count))  \(row.1)"
        }
        return (["\(program): \(summary)", usage, ""] + lines).joined(separator: "\n")
    }

    /// The one line on stderr for a command line that cannot be used.
    package func complaint(_ error: FlagError) -> String {
        "\(program): \(error); \(program) -help shows all flags"
    }
}
