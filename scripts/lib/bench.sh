# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
# What every scripts/bench-NAME does: installs what it needs, builds, and runs its part of scripts/vrrp_bench.
# shellcheck source=scripts/lib/packages.sh
source "$(dirname "${BASH_SOURCE[0]}")/packages.sh"

# run_bench MODULE ARGUMENT...: in the root of the tree. Help and reports need neither root nor a build.
run_bench() {
    local module=$1 word measures=yes
    shift
    for word in "$@"; do
        case $word in
            -h | --help | --report | --report=*) measures=no ;;
        esac
    done
    if [[ $measures == yes ]]; then
        if [[ $(id -u) != 0 ]]; then
            echo "$0 loads XDP programs and creates network namespaces: run it as root" >&2
            exit 1
        fi
        install_packages scripts/packages run build lab bench
        { cmake --preset release && cmake --build --preset release; } >/dev/null
    fi
    PYTHONPATH=scripts PYTHONDONTWRITEBYTECODE=1 exec /usr/bin/python3 -m "vrrp_bench.$module" "$@"
}
