import Cinch
import Synchronization

/// What was asked, how often and how long it took, as Prometheus reads it (text format 0.0.4).
final class Metrics: Sendable {
    private struct Series: Hashable {
        var route: String
        var method: String
        var status: Int
    }

    private struct State {
        var counts: [Series: Int] = [:]
        var buckets: [String: [Int]] = [:]
        var seconds: [String: Double] = [:]
        var inFlight = 0
        var limited = 0
    }

    private static let bounds = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
    ]

    private let state = Mutex(State())

    /// A request has come.
    func begin() { state.withLock { $0.inFlight += 1 } }

    /// A request was answered.
    ///
    /// - Parameter route: The template, never the path: that has names of tenants.
    func end(route: String, method: String, status: Int, seconds: Double) {
        state.withLock { state in
            state.inFlight -= 1
            if status == 429 { state.limited += 1 }
            state.counts[Series(route: route, method: method, status: status), default: 0] += 1
            let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
            state.buckets[
                route, default: Array(repeating: 0, count: Self.bounds.count + 1)][bucket] += 1
            state.seconds[route, default: 0] += seconds
        }
    }

    /// The text of `/metrics`.
    func text(openTenants: Int) -> String {
        let state = state.withLock { $0 }
        var lines = [
            "# HELP cinch_requests_total Requests answered.", "# TYPE cinch_requests_total counter",
        ]
        lines += state.counts.map { series, count in
            "cinch_requests_total{route=\"\(series.route)\",method=\"\(series.method)\","
                + "status=\"\(series.status)\"} \(count)"
        }.sorted()
        lines += [
            "# HELP cinch_request_seconds How long requests took.",
            "# TYPE cinch_request_seconds histogram",
        ]
        for (route, buckets) in state.buckets.sorted(by: { $0.key < $1.key }) {
            var sum = 0
            for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], buckets) {
                sum += count
                lines.append(
                    "cinch_request_seconds_bucket{route=\"\(route)\",le=\"\(bound)\"} \(sum)")
            }
            lines.append(
                "cinch_request_seconds_sum{route=\"\(route)\"} \(state.seconds[route] ?? 0)")
            lines.append("cinch_request_seconds_count{route=\"\(route)\"} \(sum)")
        }
        for (name, help, type, value) in [
            ("cinch_requests_in_flight", "Requests being answered.", "gauge", state.inFlight),
            (
                "cinch_requests_limited_total", "Requests over their limit.", "counter",
                state.limited
            ),
            ("cinch_open_tenants", "Tenants kept open.", "gauge", openTenants),
        ] {
            lines += ["# HELP \(name) \(help)", "# TYPE \(name) \(type)", "\(name) \(value)"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
