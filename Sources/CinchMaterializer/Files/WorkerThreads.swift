import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

/// Blocking work on plain threads: more of them than cores, since they mostly wait for the disk.
enum WorkerThreads {
    /// Calls `body` once for each of `0..<count`, from up to `jobs` threads, lowest first, and
    /// returns when all have returned. With one job it stays on the calling thread.
    static func forEach(_ count: Int, jobs: Int, _ body: @escaping @Sendable (Int) -> Void) {
        let work = Work(count: count, body: body)
        var threads: [pthread_t] = []
        for _ in 1..<max(1, min(jobs, count)) {
            var thread = pthread_t()
            let context = Unmanaged.passRetained(work)
            let result = pthread_create(
                &thread, nil,
                { context in
                    if let context {
                        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run()
                    }
                    return nil
                }, context.toOpaque())
            guard result == 0 else {
                // Fewer threads than wished for: those there are do the work.
                context.release()
                break
            }
            threads.append(thread)
        }
        work.run()
        for thread in threads { pthread_join(thread, nil) }
    }

    private final class Work: Sendable {
        private let next = Atomic<Int>(0)
        private let count: Int
        private let body: @Sendable (Int) -> Void

        init(count: Int, body: @escaping @Sendable (Int) -> Void) {
            self.count = count
            self.body = body
        }

        func run() {
            while true {
                let index = next.add(1, ordering: .relaxed).oldValue
                guard index < count else { return }
                body(index)
            }
        }
    }
}
