#!/bin/sh
# Runs 'cinch check' in a CI job, in a checkout of the schema's repository.
#
#   check.sh [BASE [HEAD]]
#
# BASE and HEAD are found in this order: the arguments; CINCH_BASE and CINCH_HEAD; what GitHub
# Actions or GitLab set for a pull or merge request, or for a push; else the branch that is
# the remote's default, and HEAD. A BASE of zeros, as for a branch that is new, is that default.
#
# What comes of it, beside the findings in the job's log:
#   GitHub Actions   annotations, and cinch.sarif for the upload action
#   GitLab           cinch-junit.xml for artifacts:reports:junit
#
# It installs nothing: 'cinch' must be on the PATH. The clone must not be shallow.
#
# Exit: 0 clean · 1 findings · 3 conflicts · 64 it can't tell what to check
set -u

fail() {
    printf 'error: %s\nhint: %s\n' "$1" "$2" >&2
    exit 64
}

command -v cinch >/dev/null 2>&1 ||
    fail "'cinch' is not installed" "Put it on the PATH in a step before this one."
repository=$(git rev-parse --path-format=absolute --git-common-dir) ||
    fail "This is no git repository" "Run it in a checkout of the schema's repository."
[ "$(git rev-parse --is-shallow-repository)" = false ] ||
    fail "The clone is shallow" "Fetch all of it: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab."

base=${1:-${CINCH_BASE:-}}
head=${2:-${CINCH_HEAD:-}}
if [ -z "$base" ] && [ -n "${GITHUB_BASE_REF:-}" ]; then
    base=origin/$GITHUB_BASE_REF
elif [ -z "$base" ]; then
    base=${CI_MERGE_REQUEST_DIFF_BASE_SHA:-${CI_COMMIT_BEFORE_SHA:-}}
fi
case $base in
*[!0]*) ;;
*)
    base=origin/HEAD
    git rev-parse -q --verify "$base^{commit}" >/dev/null ||
        base=origin/${CI_DEFAULT_BRANCH:-main}
    ;;
esac
[ -n "$head" ] || head=${CI_COMMIT_SHA:-${GITHUB_SHA:-HEAD}}

for revision in "$base" "$head"; do
    git rev-parse -q --verify "$revision^{commit}" >/dev/null ||
        fail "There is no commit '$revision' here" "Fetch it first, or set CINCH_BASE and CINCH_HEAD."
done
base=$(git rev-parse "$base^{commit}")
head=$(git rev-parse "$head^{commit}")

echo "Checking $base..$head" >&2
if [ "${GITHUB_ACTIONS:-}" = true ]; then
    cinch -C "$repository" check "$base" "$head" --sarif >cinch.sarif
    cinch -C "$repository" check "$base" "$head" --github
elif [ "${GITLAB_CI:-}" = true ]; then
    cinch -C "$repository" check "$base" "$head" --junit >cinch-junit.xml
    cinch -C "$repository" check "$base" "$head"
else
    cinch -C "$repository" check "$base" "$head"
fi
