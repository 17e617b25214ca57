#!/bin/sh
# Makes a plain git server of a folder: a bare repository whose pushes go through the gate.
#
#   git-server.sh FOLDER [sha256|sha1]
#
# Needs git and 'cinch' on the PATH, here and where pushes arrive. The repository can be pushed to
# on this disk and over ssh: cinch remote add origin ssh://host/srv/shop.git; cinch push -u
#
# Exit: 0 made · 1 it can't be made, or is there already
set -eu

folder=${1:?"usage: git-server.sh FOLDER [sha256|sha1]"}
if [ -e "$folder/HEAD" ]; then
    echo "error: there is a repository in '$folder' already" >&2
    exit 1
fi
git init --quiet --bare --initial-branch=main --object-format="${2:-sha256}" "$folder"
git --git-dir="$folder" config receive.fsckObjects true
git --git-dir="$folder" config core.logAllRefUpdates true
cinch -C "$folder" hooks install pre-receive
