import CProcessor

/// Where an object, or the storage of an array, begins.
/// - Parameter reference: one or the other.
@inline(__always)
func address<Reference>(of reference: Reference) -> UnsafeRawPointer? {
    unsafeBitCast(reference, to: UnsafeRawPointer?.self)
}

extension Array {
    /// Has the element fetched from memory, where there is one; the beginning of the array is to be there already.
    @inline(__always)
    func expectElement(at index: Int) {
        guard index >= 0, index < count else { return }
        withUnsafeBufferPointer { torc_prefetch($0.baseAddress.map { $0 + index }) }
    }
}
