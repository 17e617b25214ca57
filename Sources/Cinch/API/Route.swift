/// A kind of request the API answers.
package struct Route: Sendable {
    /// Who may ask.
    package enum Scope: String, Hashable, Sendable {
        /// Who may read the tenant in the path.
        case tenantRead = "tenant:read"
        /// Who may change the rows of the tenant in the path.
        case tenantWrite = "tenant:write"
        /// Administrators.
        case admin
    }

    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    package let method: String
    /// The path as OpenAPI writes it: `/v1/db/{db}/branches`.
    package let template: String
    /// Who may ask.
    package var scope: Scope
    /// One line that says what it does.
    package var summary: String
    /// The members of the query it takes, all of them optional.
    package var query: [Parameter] = []
    /// The JSON Schema of the body; absent when there is none.
    package var body: JSONValue?
    /// The status of success.
    package var status = 200
    /// The JSON Schema of the answer.
    package var answer: JSONValue = ["type": "object"]

    /// A member of the query.
    package struct Parameter: Hashable, Sendable {
        /// Its name.
        package var name: String
        /// Its JSON Schema.
        package var schema: JSONValue

        /// Makes one.
        package init(_ name: String, _ schema: JSONValue) {
            self.name = name
            self.schema = schema
        }
    }

    /// Makes a route.
    package init(
        _ method: String, _ template: String, _ scope: Scope, _ summary: String,
        query: [Parameter] = [], body: JSONValue? = nil, status: Int = 200,
        answer: JSONValue = ["type": "object"]
    ) {
        self.method = method
        self.template = template
        self.scope = scope
        self.summary = summary
        self.query = query
        self.body = body
        self.status = status
        self.answer = answer
        components = template.split(separator: "/").map(String.init)
    }

    /// The template's components, without the slashes.
    let components: [String]

    /// The values of the template's parameters in a path; absent when the path is another one.
    package func parameters(in path: [String]) -> [String: String]? {
        guard components.count == path.count else { return nil }
        var values: [String: String] = [:]
        for (component, part) in zip(components, path) {
            if component.hasPrefix("{") {
                values[String(component.dropFirst().dropLast())] = part
            } else if component != part {
                return nil
            }
        }
        return values
    }
}
