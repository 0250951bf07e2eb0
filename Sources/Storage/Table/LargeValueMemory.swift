import CGNU
import Glibc

/// What glibc's `malloc` is told once there are values of a megabyte or more: to give 16 MiB back to the system, and to take
/// them anew page by page, takes milliseconds each.
enum LargeValueMemory {
    static let valueBytesMin = 1 << 20

    /// What is free at the end of the heap stays the process's up to this: four values of the largest size.
    private static let keptBytes: Int32 = 64 << 20
    /// Pieces beyond this have memory of their own, which goes back at once: the most that glibc takes here.
    private static let ownMemoryBytes: Int32 = 32 << 20

    /// The first to ask for it sets it. Where the environment says something of its own it is as that says.
    static let isSet: Bool = {
        if let settings = getenv("GLIBC_TUNABLES"), strstr(settings, "_threshold") != nil { return false }
        return mallopt(M_MMAP_THRESHOLD, ownMemoryBytes) == 1 && mallopt(M_TRIM_THRESHOLD, keptBytes) == 1
    }()
}
