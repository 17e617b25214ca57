#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The clock deadlines are read from: it never goes back.
package enum DeadlineClock {
    /// Nanoseconds of CLOCK_MONOTONIC.
    package static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    /// The instant that many seconds from now.
    package static func instant(after seconds: Double) -> UInt64 {
        now + UInt64(max(0, min(seconds, 1e9)) * 1e9)
    }
}
