# SPDX-License-Identifier: BSD-2-Clause
# bash completion for vrrp-xdp. Commands and options are read from the program's own --help.

_vrrp_xdp_commands() {
    "$1" --help 2>/dev/null | sed -n '/^Subcommands:/,/^$/ s/^  \([a-z][a-z-]*\).*/\1/p'
}

_vrrp_xdp_options() {
    "$1" ${2:+"$2"} --help 2>/dev/null | sed -n '/^Options:/,/^$/ s/^  \(-.*\)/\1/p' | grep -oE -- '(^|[ ,])--?[a-z][a-z-]*' | tr -d ' ,'
}

# What an option takes: its choices, as --mode ENUM:{auto,native}, or a word for its kind, as FILE.
_vrrp_xdp_choices() {
    "$1" "$2" --help 2>/dev/null | sed -n "/^Options:/,/^\$/ s/^  \(.*,\)\{0,1\}$3 [^ ]*{\([^}]*\)}.*/\2/p" | tr ',' ' '
}

_vrrp_xdp_interfaces() {
    local interface
    for interface in /sys/class/net/*; do printf '%s\n' "${interface##*/}"; done
}

_vrrp_xdp() {
    local program=$1 current=$2 previous=$3 command=${COMP_WORDS[1]} choices
    COMPREPLY=()
    if [[ $current == -* ]]; then
        [[ $COMP_CWORD == 1 ]] && command=
        mapfile -t COMPREPLY < <(compgen -W "$(_vrrp_xdp_options "$program" "$command")" -- "$current")
        return
    fi
    if [[ $COMP_CWORD == 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_vrrp_xdp_commands "$program")" -- "$current")
        return
    fi
    if [[ $previous == --* ]]; then
        choices=$(_vrrp_xdp_choices "$program" "$command" "$previous")
        if [[ $choices ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current")
            return
        fi
    fi
    case $previous,$command in
        -c,* | --config,* | -w,* | --write,* | check,check | import,import)
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "$current")
            ;;
        --metrics,*) ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$(_vrrp_xdp_interfaces)" -- "$current") ;;
    esac
}

complete -F _vrrp_xdp vrrp-xdp
