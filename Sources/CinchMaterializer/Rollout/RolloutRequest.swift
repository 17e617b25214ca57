/// What a rollout was asked to do: which tenants, in which stages, and what an error means.
///
/// The catalog keeps it with the rollout, so that it can be resumed in the same way.
package struct RolloutRequest: Hashable, Sendable {
    /// What the first drifted or failing tenant means for the others.
    package enum OnError: String, Hashable, Sendable, CaseIterable {
        /// They are changed all the same.
        case `continue`
        /// Those not yet begun are skipped.
        case stop
    }

    /// Names and patterns of tenants, one of which must match; empty for all tenants.
    package var patterns: [TenantPattern]
    /// Whether only tenants were meant that an earlier rollout failed to change.
    package var isRetry: Bool
    /// The tenants that go first; if one of them fails, no other is touched.
    package var canary: Canary?
    /// After how many tenants there is a pause; absent for no pause between tenants.
    package var batch: Int?
    /// How long a pause is, in milliseconds.
    package var pause: Int
    /// What the first error means for the others.
    package var onError: OnError
    /// The rollout this one goes on with; absent when it stands for itself.
    package var resumes: Int64?

    /// Builds a request; without arguments it is for all tenants, as fast as it goes.
    package init(
        patterns: [TenantPattern] = [], isRetry: Bool = false, canary: Canary? = nil,
        batch: Int? = nil, pause: Int = 0, onError: OnError = .continue, resumes: Int64? = nil
    ) {
        self.patterns = patterns
        self.isRetry = isRetry
        self.canary = canary
        self.batch = batch
        self.pause = pause
        self.onError = onError
        self.resumes = resumes
    }

    /// Whether all tenants are meant.
    package var isForAll: Bool { patterns.isEmpty && !isRetry }

    /// Whether a tenant of this name is meant, as far as patterns go.
    package func covers(_ name: String) -> Bool {
        patterns.isEmpty || patterns.contains { $0.matches(name) }
    }
}

/// How many tenants go first.
package enum Canary: Hashable, Sendable, CustomStringConvertible {
    /// That many.
    case tenants(Int)
    /// That part of all, rounded up.
    case percent(Double)

    /// Reads `3` or `5%`; nil for anything else, 0 and more than 100% included.
    package init?(_ text: String) {
        if text.hasSuffix("%") {
            guard let part = Double(text.dropLast()), part > 0, part <= 100 else { return nil }
            self = .percent(part)
        } else {
            guard let count = Int(text), count > 0 else { return nil }
            self = .tenants(count)
        }
    }

    /// As it is read.
    package var description: String {
        switch self {
        case .tenants(let count): "\(count)"
        case .percent(let part): part == part.rounded() ? "\(Int(part))%" : "\(part)%"
        }
    }

    /// How many of that many tenants go first; at least one, where there is one.
    package func count(of total: Int) -> Int {
        switch self {
        case .tenants(let count): min(count, total)
        case .percent(let part): Int((Double(total) * part / 100).rounded(.up))
        }
    }

    /// The places of the names that go first, in order.
    ///
    /// Which these are depends on the target and the names alone: the same when a rollout is
    /// resumed, and others for the next target, so that it is not always the same customers.
    package func choice(from names: [String], for tree: String) -> Set<Int> {
        let ranked = names.indices.map { (rank: Self.rank(names[$0], tree), place: $0) }
            .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
        return Set(ranked.prefix(count(of: names.count)).map(\.place))
    }

    /// FNV-1a over both, its bits mixed once more: names that differ in their end only would
    /// otherwise rank side by side.
    private static func rank(_ name: String, _ tree: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(tree)\n\(name)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return hash ^ (hash >> 31)
    }
}
