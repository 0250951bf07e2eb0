import Protocol

/// What a command does to one key.
package enum Step: Equatable, Sendable {
    case read([UInt8])
    /// - Parameter isRequired: whether nothing of its call is done where it does not take effect.
    case write(KeyedWrite)

    package var key: [UInt8] {
        switch self {
        case .read(let key): key
        case .write(let write): write.key
        }
    }

    package var isWrite: Bool {
        if case .write = self { true } else { false }
    }

    /// As part of a batch.
    package var keyedWrite: KeyedWrite {
        switch self {
        case .read(let key): KeyedWrite(key: key, write: Write(.read, for: .kept), isRequired: false)
        case .write(let write): write
        }
    }

    /// Roughly, in a frame.
    package var size: Int {
        switch self {
        case .read(let key): key.count
        case .write(let write):
            switch write.write.action {
            case .set(let content): write.key.count + content.bytes.count
            case .append(let value), .overwrite(_, let value): write.key.count + value.count
            default: write.key.count
            }
        }
    }
}
