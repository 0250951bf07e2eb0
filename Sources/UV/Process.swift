import CUV

/// What the system says of this process, and a wait that stops it.
package enum Process {
    package static var id: Int { Int(uv_os_getpid()) }

    /// Bytes of memory that it takes; 0 where that cannot be told.
    package static var residentBytes: Int {
        var bytes = 0
        return uv_resident_set_memory(&bytes) == 0 ? bytes : 0
    }

    /// Stops the calling thread, whatever else it should do: for tests.
    package static func sleep(_ span: Duration) {
        let (seconds, attoseconds) = span.components
        uv_sleep(UInt32(clamping: seconds * 1_000 + attoseconds / 1_000_000_000_000_000))
    }
}
