import Glibc

/// Memory by the page, straight from the system: zeros, of which only the pages that were written to take any.
enum Pages {
    static func map(_ bytes: Int) -> UnsafeMutableRawPointer {
        let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let pages, pages != MAP_FAILED else { preconditionFailure("out of memory") }
        return pages
    }

    static func unmap(_ pages: UnsafeMutableRawPointer, _ bytes: Int) { munmap(pages, bytes) }
}
