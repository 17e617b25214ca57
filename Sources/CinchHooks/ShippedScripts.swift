/// The hooks of the repository's folder `hooks`, whose files are links to it: what is shipped as a
/// file is what the program installs.
package enum ShippedScripts {
    /// Each script with its name, in name order.
    package static let all: [(name: String, text: [UInt8])] = [
        ("post-materialize-notify", PackageResources.post_materialize_notify),
        ("post-merge-notify", PackageResources.post_merge_notify),
        ("pre-materialize-rehearsal", PackageResources.pre_materialize_rehearsal),
        ("pre-merge-approval", PackageResources.pre_merge_approval),
        ("pre-merge-gate", PackageResources.pre_merge_gate),
        ("pre-receive", PackageResources.pre_receive),
    ]
}
