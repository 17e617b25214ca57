import CSQLite

/// What a statement is about to be compiled to do (`sqlite3_set_authorizer`).
package struct AuthorizerAction: Hashable, Sendable {
    /// Which action; the others of SQLite's list pass through by number.
    package struct Code: RawRepresentable, Hashable, Sendable {
        /// The number in `sqlite3.h`.
        package var rawValue: Int32

        /// Takes a number of `sqlite3.h` as it is.
        package init(rawValue: Int32) { self.rawValue = rawValue }

        /// ATTACH; `first` is the file when it is a literal.
        package static let attach = Self(rawValue: SQLITE_ATTACH)
        /// DETACH; `first` is the database.
        package static let detach = Self(rawValue: SQLITE_DETACH)
        /// PRAGMA; `first` is its name, `second` its argument.
        package static let pragma = Self(rawValue: SQLITE_PRAGMA)
        /// A function call; `second` is its name.
        package static let function = Self(rawValue: SQLITE_FUNCTION)
        /// Reading a column; `first` is the table, `second` the column.
        package static let read = Self(rawValue: SQLITE_READ)
        /// INSERT; `first` is the table.
        package static let insert = Self(rawValue: SQLITE_INSERT)
        /// UPDATE; `first` is the table, `second` the column.
        package static let update = Self(rawValue: SQLITE_UPDATE)
        /// DELETE; `first` is the table.
        package static let delete = Self(rawValue: SQLITE_DELETE)
        /// SELECT.
        package static let select = Self(rawValue: SQLITE_SELECT)
        /// WITH RECURSIVE.
        package static let recursive = Self(rawValue: SQLITE_RECURSIVE)
        /// BEGIN, COMMIT or ROLLBACK, which is in `first`.
        package static let transaction = Self(rawValue: SQLITE_TRANSACTION)
        /// SAVEPOINT, RELEASE or ROLLBACK TO.
        package static let savepoint = Self(rawValue: SQLITE_SAVEPOINT)
        /// CREATE TABLE; `first` is the table.
        package static let createTable = Self(rawValue: SQLITE_CREATE_TABLE)
        /// DROP TABLE; `first` is the table.
        package static let dropTable = Self(rawValue: SQLITE_DROP_TABLE)
        /// ALTER TABLE; `first` is the database, `second` the table.
        package static let alterTable = Self(rawValue: SQLITE_ALTER_TABLE)
        /// CREATE VIRTUAL TABLE; `first` is the table, `second` the module.
        package static let createVirtualTable = Self(rawValue: SQLITE_CREATE_VTABLE)
    }

    /// Which action.
    package var code: Code
    /// The first detail, by action.
    package var first: String?
    /// The second detail, by action.
    package var second: String?
    /// The database: `main`, `temp` or an attached one's name.
    package var database: String?
    /// The innermost trigger or view the action comes from; nil for the statement's own text.
    package var accessor: String?

    /// Builds an action from its parts.
    package init(
        code: Code, first: String? = nil, second: String? = nil, database: String? = nil,
        accessor: String? = nil
    ) {
        self.code = code
        self.first = first
        self.second = second
        self.database = database
        self.accessor = accessor
    }
}

/// The authorizer's answer.
package enum AuthorizerDecision: Sendable {
    /// Go on.
    case allow
    /// The statement fails with `.authorization`.
    case deny
    /// A read gives NULL, a PRAGMA does nothing, a deletion from a table is left out.
    case ignore
}

extension Connection {
    /// Asks `body` about every action of the statements prepared from now on; nil asks nobody.
    ///
    /// `body` must not use the connection.
    package func setAuthorizer(_ body: ((AuthorizerAction) -> AuthorizerDecision)?) {
        authorizer = body
        guard body != nil else {
            sqlite3_set_authorizer(handle, nil, nil)
            return
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(
            handle,
            { context, code, first, second, database, accessor in
                guard let context else { return SQLITE_DENY }
                let connection = Unmanaged<Connection>.fromOpaque(context).takeUnretainedValue()
                guard let body = connection.authorizer else { return SQLITE_OK }
                let action = AuthorizerAction(
                    code: AuthorizerAction.Code(rawValue: code),
                    first: first.map { String(cString: $0) },
                    second: second.map { String(cString: $0) },
                    database: database.map { String(cString: $0) },
                    accessor: accessor.map { String(cString: $0) })
                return switch body(action) {
                case .allow: SQLITE_OK
                case .deny: SQLITE_DENY
                case .ignore: SQLITE_IGNORE
                }
            }, context)
    }
}
