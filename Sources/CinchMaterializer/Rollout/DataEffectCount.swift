package import CinchSchema

/// How many rows of how many tenants a plan parks, loses, converts or restores.
package struct DataEffectCount: Hashable, Sendable, Comparable {
    /// What is summed up: tenants may come from different schemas.
    struct Key: Hashable {
        var kind: DataEffect.Kind
        var table: String
        var column: String?
    }

    /// What becomes of the rows.
    package var effect: DataEffect
    /// Rows with a value there, in all tenants together.
    package var rows: Int
    /// Tenants that have such rows.
    package var tenants: Int

    /// One tenant's count.
    package init(_ effect: DataEffect, rows: Int) {
        self.effect = effect
        self.rows = rows
        tenants = 1
    }

    var key: Key {
        Key(kind: effect.kind, table: effect.table.key, column: effect.column?.key)
    }

    /// The same effect, counted nowhere yet.
    var none: Self {
        var copy = self
        (copy.rows, copy.tenants) = (0, 0)
        return copy
    }

    mutating func add(_ other: Self) {
        rows += other.rows
        tenants += other.tenants
    }

    /// One line for people: `parked: users.email: 3 rows in 2 tenants`.
    package var summary: String {
        "\(effect.kind.rawValue): \(effect.subject): \(rows) row\(rows == 1 ? "" : "s")"
            + " in \(tenants) tenant\(tenants == 1 ? "" : "s")"
    }

    /// What goes for good first, then parked, then restored; by name.
    package static func < (left: Self, right: Self) -> Bool {
        let order: [DataEffect.Kind] = [.lost, .converted, .parked, .restored]
        let ranks = (
            order.firstIndex(of: left.effect.kind) ?? 0,
            order.firstIndex(of: right.effect.kind) ?? 0
        )
        guard ranks.0 == ranks.1 else { return ranks.0 < ranks.1 }
        return left.effect.table == right.effect.table
            ? (left.effect.column?.key ?? "") < (right.effect.column?.key ?? "")
            : left.effect.table < right.effect.table
    }
}
