/// What a write met under its key.
package enum Present: Equatable, Sendable {
    case nothing
    case entry(Entry)
    /// This write's value, which is no longer known: the request came again, and it was too long to be kept.
    case replaced(Version)

    package init(_ entry: Entry?) { self = entry.map { .entry($0) } ?? .nothing }

    package var version: Version? {
        switch self {
        case .nothing: nil
        case .entry(let entry): entry.version
        case .replaced(let version): version
        }
    }

    /// What is kept of it with the request id: a long value only by its version.
    package var remembered: Present {
        guard case .entry(let entry) = self, entry.value.count > Limits.rememberedValueBytesMax else { return self }
        return .replaced(entry.version)
    }

    /// With the value, where that is still there.
    /// - Parameter entry: what is under the key now.
    package func completed(by entry: Entry?) -> Present {
        guard case .replaced(let version) = self, let entry, entry.version == version else { return self }
        return .entry(entry)
    }
}
