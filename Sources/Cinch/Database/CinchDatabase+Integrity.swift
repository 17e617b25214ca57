package import CinchGit
import CinchMaterializer
import CinchRepository

/// What `fsck` has to say.
package struct DatabaseIntegrity: Sendable {
    /// What is wrong.
    package var findings: [IntegrityFinding]
    /// What couldn't be looked at, and why; no fault of the repository.
    package var notes: [String]
    /// How many different objects there are.
    package var objects: Int
    /// How many different schemas.
    package var schemas: Int
    /// How many files of tenants and previews.
    package var files: Int
    /// Objects that nothing leads to.
    package var dangling: [(id: ObjectID, kind: ObjectKind)]
}

extension CinchDatabase {
    /// Looks at every object, reference and log, at every schema in the history, and whether the
    /// commits that tenants are at exist. Changes nothing.
    ///
    /// - Parameter findsDangling: Whether to look for objects that nothing leads to.
    package func checkIntegrity(
        findsDangling: Bool = false, progress: ((String, Int, Int) -> Void)? = nil
    ) throws -> DatabaseIntegrity {
        var notes: [String] = []
        var fleet: FleetNames?
        do {
            fleet = try FleetNames(of: self)
        } catch {
            notes.append("tenants were not looked at: \(CinchError(translating: error).message)")
        }
        let report = try git.checkIntegrity(
            roots: fleet?.objects ?? [], findsDangling: findsDangling, progress: progress)
        var check = SchemaTreeCheck(git)
        var findings = report.findings + check.check(report.trees, progress: progress)
        for file in fleet?.files ?? [] {
            switch file.finding {
            case .unreadable(let reason): findings.append(IntegrityFinding(file.label, reason))
            case .stamp(let stamp):
                let kind = ObjectID(hex: stamp.commit).flatMap { try? git.readHeader($0).kind }
                if kind != .commit {
                    findings.append(
                        IntegrityFinding(
                            file.label, "it is at '\(stamp.commit)', and there is no such commit"))
                }
            }
        }
        return DatabaseIntegrity(
            findings: findings, notes: notes, objects: report.objects,
            schemas: report.trees.count, files: fleet?.files.count ?? 0, dangling: report.dangling)
    }
}
