/// A client's request, where it lies: valid only within the call that is given it.
package struct RequestView {
    package enum Kind {
        case get
        /// Of a value that does not expire, by a client that gave the request no name.
        case set(UnsafeRawBufferPointer)
        /// Of another kind, of which no more is shown.
        case other(isWrite: Bool)
    }

    package let kind: Kind
    package let slot: Slot
    package let key: UnsafeRawBufferPointer
    package let consistency: Consistency

    package init(_ kind: Kind, slot: Slot, key: UnsafeRawBufferPointer, consistency: Consistency) {
        self.kind = kind
        self.slot = slot
        self.key = key
        self.consistency = consistency
    }

    package var isWrite: Bool {
        switch kind {
        case .get: false
        case .set: true
        case .other(let isWrite): isWrite
        }
    }
}

/// What such a request came to, where that lies.
package enum AnswerView {
    /// What a GET found; nil: nothing, or it has expired.
    case value(EntryView?)
    /// A SET took effect.
    case written(Version, Timestamp)
}
