# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# Reads scripts/packages, the one list of packages, and installs what it names.

# list_packages FILE SECTION...: the packages of those sections, one a line.
list_packages() {
    local file=$1
    shift
    awk -v wanted=" $* " '
        /^#/ || NF == 0 { next }
        /^\[.*\]$/ { section = substr($0, 2, length($0) - 2); next }
        index(wanted, " " section " ") { print $1 }
    ' "$file"
}

# missing_packages FILE SECTION...: those that are not installed, one a line.
missing_packages() {
    local package
    while read -r package; do
        dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || echo "$package"
    done < <(list_packages "$@")
}

# install_packages FILE SECTION...: with apt-get, those that are missing. Needs root only if any is.
install_packages() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    echo "Installing: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# own_mirror: the mirror that this machine gets Debian from.
own_mirror() {
    # shellcheck disable=SC2016 # the dollars are apt's
    apt-get indextargets --format '$(REPO_URI)|$(ORIGIN)|$(LABEL)' 'Created-By: Packages' |
        awk -F'|' '$2 == "Debian" && $3 == "Debian" { print $1; exit }'
}
