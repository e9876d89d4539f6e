# lib.sh - what the scripts beside it share. Sourced, from bash.

say() {
	printf '\n== %s\n' "$*"
}

die() {
	printf '%s: %s\n' "$(basename "$0")" "$*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo --preserve-env=DEBIAN_FRONTEND,CI "$@"
	else
		die "needs root: run it as root, or install sudo"
	fi
}

# The packages of the lists that are not installed, one a line.
missing_packages() {
	local installed
	installed=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' | awk '$2 == "installed" {print $1}' | sort -u)
	comm -13 <(printf '%s\n' "$installed") <(sed 's/#.*//' "$@" | awk 'NF {print $1}' | sort -u)
}

# need_packages LIST...: installs what the lists in tools/packages/ name. Instant when all is there.
need_packages() {
	local lists=("${@/#/$root/tools/packages/}") missing
	command -v dpkg-query >/dev/null ||
		die "only Debian's packages are known here: install what ${lists[*]} name, then use meson and ninja"
	mapfile -t missing < <(missing_packages "${lists[@]}")
	[ ${#missing[@]} -gt 0 ] || return 0
	say "Installing ${#missing[@]} packages: ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	as_root apt-get update -qq
	as_root apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}
