import CUV

/// Work beside the loop, on libuv's threads.
package struct Work {
    private let loop: Loop

    package init(_ loop: Loop) { self.loop = loop }

    /// Runs `work` on another thread.
    /// - Parameter done: called once, from the loop, never before this returns, with what `work` made. `Loop.close()` waits
    ///   for it.
    package func run<Product: Sendable>(_ work: @escaping @Sendable () -> Product, done: @escaping (Product) -> Void) {
        guard !loop.isClosed else { return }
        let job = Job(work, done)
        let request = UnsafeMutablePointer<uv_work_t>.allocate(capacity: 1)
        request.pointee.data = Unmanaged.passRetained(job as AnyJob).toOpaque()
        // It refuses nothing but a request without work.
        uv_queue_work(loop.native, request, runs, ended)
    }
}

private class AnyJob {
    func run() {}
    func finish() {}
}

/// One piece of work under way, owned by its request. The thread is done with it before the loop has it back.
private final class Job<Product: Sendable>: AnyJob {
    private let work: @Sendable () -> Product
    private let done: (Product) -> Void
    private var product: Product?

    init(_ work: @escaping @Sendable () -> Product, _ done: @escaping (Product) -> Void) {
        self.work = work
        self.done = done
    }

    override func run() { product = work() }
    override func finish() { if let product { done(product) } }
}

private func runs(_ request: UnsafeMutablePointer<uv_work_t>?) {
    guard let data = request?.pointee.data else { return }
    Unmanaged<AnyJob>.fromOpaque(data).takeUnretainedValue().run()
}

private func ended(_ request: UnsafeMutablePointer<uv_work_t>?, _ code: Int32) {
    guard let request, let data = request.pointee.data else { return }
    request.deallocate()
    Unmanaged<AnyJob>.fromOpaque(data).takeRetainedValue().finish()
}
