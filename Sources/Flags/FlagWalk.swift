import CGNU
import Glibc

/// One walk over a command line with glibc's `getopt_long_only`. Owns the C copies of names and arguments
/// that it reads from.
struct FlagWalk: ~Copyable {
    /// A flag that was found: its index (nil: `-help`) and its value (empty without one).
    struct Step {
        let flag: Int?
        let value: String
    }

    /// Values of `option.val` begin here, clear of the characters and codes that getopt itself returns.
    private static let firstValue: Int32 = 256

    private let arguments: [String]
    private let names: [String]
    private let argv: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let options: UnsafeMutablePointer<option>
    private var walk = torc_getopt()

    init(arguments: [String], flags: [(name: String, takesValue: Bool)]) {
        self.arguments = arguments.isEmpty ? [""] : arguments
        names = flags.map(\.name) + ["help"]
        argv = .allocate(capacity: self.arguments.count + 1)
        for (index, argument) in self.arguments.enumerated() { argv[index] = strdup(argument) }
        argv[self.arguments.count] = nil
        options = .allocate(capacity: names.count + 1)
        for (index, name) in names.enumerated() {
            let takesValue = index < flags.count && flags[index].takesValue
            options[index] = option(
                name: UnsafePointer(strdup(name)), has_arg: takesValue ? 1 : 0, flag: nil,
                val: FlagWalk.firstValue + Int32(index))
        }
        options[names.count] = option()
    }

    deinit {
        for index in arguments.indices { free(argv[index]) }
        for index in names.indices { free(UnsafeMutablePointer(mutating: options[index].name)) }
        argv.deallocate()
        options.deallocate()
    }

    /// What follows the flags; complete once `next` has returned nil.
    var operands: [String] { Array(arguments.dropFirst(Int(max(walk.next, 1)))) }

    /// The next flag, or nil after the last one.
    mutating func next(placeholder: (Int) -> String) throws(FlagError) -> Step? {
        let at = Int(max(walk.next, 1))
        let found = torc_getopt_step(&walk, Int32(arguments.count), argv, options)
        switch found {
        case -1:
            return nil
        case Int32(UInt8(ascii: ":")):
            let index = Int(walk.option - FlagWalk.firstValue)
            throw .missingValue(flag: names[index], placeholder: placeholder(index))
        case FlagWalk.firstValue...:
            let index = Int(found - FlagWalk.firstValue)
            let value = walk.argument.map { String(cString: $0) } ?? ""
            return Step(flag: index == names.count - 1 ? nil : index, value: value)
        default:
            throw complaint(about: arguments[at])
        }
    }

    private func complaint(about argument: String) -> FlagError {
        if walk.option >= FlagWalk.firstValue {
            return .unwantedValue(flag: names[Int(walk.option - FlagWalk.firstValue)])
        }
        let written = argument.prefix { $0 != "=" }
        let stem = written.drop { $0 == "-" }
        let candidates = names.filter { $0.hasPrefix(stem) }
        return stem.isEmpty || candidates.count < 2
            ? .unknown(String(written)) : .ambiguous(String(written), candidates)
    }
}
