import Cinch
import Foundation
import GRDB

/// A folder of its own for one test, removed with the last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("cinch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.resolvingSymlinksInPath().path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
    }

    func text(of name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    func bytes(of name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    /// Removes a file; fine if there is none.
    func remove(_ name: String) throws {
        if exists(name) { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(path)/\(name)", withIntermediateDirectories: true)
    }
}

/// A tenant file made with stock SQLite, and the data path over it.
struct TemporaryTenant {
    let folder: TemporaryFolder
    let database: TenantDatabase

    var path: String { "\(folder.path)/tenant.db" }

    init(_ schema: String) throws {
        folder = try TemporaryFolder()
        let path = "\(folder.path)/tenant.db"
        try stock(path) { try $0.execute(sql: schema) }
        database = try TenantDatabase(path: path)
    }

    /// The first value of the first row.
    func value(_ sql: String, _ parameters: SQLValue...) throws -> SQLValue? {
        try database.query(sql, parameters: parameters).rows.first?.first
    }
}

/// Works on a file as any other tool would, without an authorizer.
func stock<Result>(_ path: String, _ body: (Database) throws -> Result) throws -> Result {
    var configuration = Configuration()
    configuration.acceptsDoubleQuotedStringLiterals = true
    configuration.foreignKeysEnabled = false
    return try DatabaseQueue(path: path, configuration: configuration)
        .writeWithoutTransaction(body)
}

/// The CinchError a closure throws; `nil` if it throws none.
func failure<Result>(_ body: () throws -> Result) -> CinchError? {
    do {
        _ = try body()
        return nil
    } catch {
        return error as? CinchError
    }
}
