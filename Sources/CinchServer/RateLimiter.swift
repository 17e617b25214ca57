import Cinch
import Synchronization

/// A token bucket for each key: full at first, filled evenly through the hour.
final class RateLimiter: Sendable {
    /// What a request was answered.
    struct Decision: Hashable {
        /// Whether it may go on.
        var isAllowed: Bool
        /// Requests an hour.
        var limit: Int
        /// Requests left right now.
        var remaining: Int
        /// Seconds until there is one more, or with none left until there is one.
        var reset: Int
    }

    private struct Bucket {
        var tokens: Double
        var at: UInt64
    }

    private let limit: Int
    private let buckets = Mutex<[String: Bucket]>([:])

    /// - Parameter limit: Requests an hour; 0 for any number.
    init(limit: Int) { self.limit = limit }

    /// Takes a token; absent when there is no limit.
    func take(_ key: String, at now: UInt64 = DeadlineClock.now) -> Decision? {
        guard limit > 0 else { return nil }
        let perNanosecond = Double(limit) / 3.6e12
        return buckets.withLock { buckets in
            // A bucket that is full again is as good as none.
            if buckets.count > 100_000 {
                buckets = buckets.filter {
                    $0.value.tokens + Double(now - $0.value.at) * perNanosecond < Double(limit)
                }
            }
            var bucket = buckets[key] ?? Bucket(tokens: Double(limit), at: now)
            bucket.tokens = min(
                Double(limit), bucket.tokens + Double(now - bucket.at) * perNanosecond)
            bucket.at = now
            let isAllowed = bucket.tokens >= 1
            if isAllowed { bucket.tokens -= 1 }
            buckets[key] = bucket
            let missing = isAllowed ? 1 : 1 - bucket.tokens
            return Decision(
                isAllowed: isAllowed, limit: limit, remaining: Int(bucket.tokens),
                reset: max(1, Int((missing / perNanosecond / 1e9).rounded(.up))))
        }
    }
}
