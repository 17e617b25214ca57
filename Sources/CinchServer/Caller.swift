import Cinch

/// Who a request comes from, as its key or token shows.
struct Caller: Hashable, Sendable {
    /// What it is called in audits and limited by.
    var id: String
    /// The tenant it is confined to; absent for administrators.
    var tenant: String?
    /// What it may do.
    var access: APIRequest.Access

    /// What a caller may do with a request: absent for nothing, because it is about another tenant.
    func access(to parameters: [String: String]) -> APIRequest.Access? {
        guard let tenant else { return access }
        return parameters["tenant"] == tenant ? access : nil
    }
}
