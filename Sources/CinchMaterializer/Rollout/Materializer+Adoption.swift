import CinchSQLite
import CinchSchema

extension Materializer {
    // A drifted tenant is left alone until the history it is brought to has taken its drift over:
    //   A1  The target's history has a commit made by adopting drift from tenants with this very
    //       stamp. The commit before the stamp doesn't count, nor one that a merge left out.
    //   A2  That commit's schema is exactly what the tenant has now.
    // Then the tenant is at that commit but for its stamp, and the plan begins there. Without
    // A1, a plan from what the tenant has would take its drift away; without the very stamp, an
    // adoption that history has undone since would make new drift pass for old.

    /// What a group of drifted tenants has coming where its drift was adopted; nil where it wasn't.
    func adoptedVerdict(
        on group: TenantSurvey.Group, _ entries: [SchemaEntry], _ target: MaterializationTarget
    ) throws -> Verdict? {
        guard let live = try? Schema(entries: entries).withoutIDs else { return nil }
        for tree in try findAdoptions(group.commit, target.stamp.commit) {  // A1
            let isTarget = tree == target.stamp.tree
            let adopted = try isTarget ? target.schema : loadSchema(tree)
            guard adopted.withoutIDs == live else { continue }  // A2
            guard !isTarget else { return .atTarget }
            let script = try makeScript(
                adopted, target.schema, loadDataSteps(tree, target.stamp.tree), group.parked)
            let plan = try ProvenPlan(script, from: adopted, to: target.schema)
            return .change(plan, accepted(target))
        }
        return nil
    }
}
