#!/bin/sh
# One would guess that sql_mode=ORACLE adds to what MariaDB reads, and takes || for concatenation; so its page says.
# It also takes the operator % away: "9 % 4" is a syntax error there, whatever stands around it, because % begins an
# attribute of a cursor. MOD, as an operator or a function, works in every mode.
# It matters to tools and drivers that write SQL for servers whose sql_mode they do not choose.
# Seen with MariaDB 10.11 of Debian 12. Run by hand.
set -eu
folder=$(mktemp -d)
user=
[ "$(id -u)" = 0 ] && chown mysql "$folder" && user=--user=mysql
mariadb-install-db $user --datadir="$folder/data" --auth-root-authentication-method=normal >/dev/null 2>&1
mariadbd=$(command -v mariadbd || echo /usr/sbin/mariadbd)
"$mariadbd" --no-defaults $user --datadir="$folder/data" --socket="$folder/s" --skip-networking >"$folder/log" 2>&1 &
server=$!
trap 'kill $server; wait $server || true; rm -rf "$folder" || true' EXIT
until mariadb --no-defaults -u root -S "$folder/s" -e "select 1" >/dev/null 2>&1; do sleep 0.2; done
sql() { mariadb --no-defaults -u root -S "$folder/s" -N -B -e "set sql_mode = '$1'; select $2" 2>&1 | grep -o "^[0-9.]*$\|ERROR 1064" || true; }
seen=
for mode in "" ANSI TRADITIONAL ORACLE; do
  for expression in "9 % 4" "(9) % (4)" "9 MOD 4" "MOD(9, 4)"; do
    found=$(sql "$mode" "$expression")
    [ "$found" = 1 ] || seen="$seen${mode:-none}: $expression: $found; "
  done
done
version=$(mariadb --no-defaults -u root -S "$folder/s" -N -B -e "select version()")
echo "$version differs: $seen"
[ "$seen" = "ORACLE: 9 % 4: ERROR 1064; ORACLE: (9) % (4): ERROR 1064; " ]
