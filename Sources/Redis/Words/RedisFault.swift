import Protocol

/// An error as a Redis client is told it: one line with its prefix, in Redis's wording where Redis has one.
package struct RedisFault: Error, Equatable, Sendable {
    /// Whatever bytes a client sent may be in it.
    package let bytes: [UInt8]

    package init(_ text: String) { bytes = Array(text.utf8) }

    /// With a word of the command in it, as Redis prints it: up to a zero byte, and so many bytes at the most.
    package init(_ before: String, _ word: ArraySlice<UInt8>, _ after: String = "", upTo count: Int = 128) {
        bytes = Array(before.utf8) + word.printed(upTo: count) + Array(after.utf8)
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    package static let syntax = RedisFault("ERR syntax error")
    package static let notAnInteger = RedisFault("ERR value is not an integer or out of range")
    package static let notAFloat = RedisFault("ERR value is not a valid float")
    package static let notFinite = RedisFault("ERR increment would produce NaN or Infinity")
    package static let noSuchKey = RedisFault("ERR no such key")
    package static let tooLong = RedisFault("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    package static let crossSlot = RedisFault("CROSSSLOT Keys in request don't hash to the same slot")
    package static let keyTooLong = RedisFault("ERR key is over the limit of \(Limits.keyBytesMax) bytes")

    package static func arity(_ command: String) -> RedisFault {
        RedisFault("ERR wrong number of arguments for '\(command)' command")
    }

    package static func invalidExpire(_ command: String) -> RedisFault {
        RedisFault("ERR invalid expire time in '\(command)' command")
    }

    package static func unknownSubcommand(_ name: ArraySlice<UInt8>, of command: String) -> RedisFault {
        RedisFault("ERR unknown subcommand '", name, "'. Try \(command) HELP.")
    }

    /// What cannot be done on the value that is there.
    package init(_ fault: OperationFault) {
        switch fault {
        case .notAnInteger: self = .notAnInteger
        case .overflow: self = RedisFault("ERR increment or decrement would overflow")
        case .valueTooLong: self = .tooLong
        case .notADecimal: self = .notAFloat
        case .notFinite: self = .notFinite
        case .otherSlot: self = .crossSlot
        case .batchTooLarge:
            self = RedisFault(
                "ERR keys and values of one slot are over the limit of \(Limits.valueBytesMax) bytes together")
        }
    }

    /// Without its prefix.
    var message: ArraySlice<UInt8> { bytes.drop { $0 != UInt8(ascii: " ") }.dropFirst() }
}

extension RESPWriter {
    package mutating func refuse(_ fault: RedisFault) { error(fault.bytes) }
}

extension ArraySlice<UInt8> {
    func printed(upTo count: Int) -> ArraySlice<UInt8> { prefix(count).prefix { $0 != 0 } }
}
