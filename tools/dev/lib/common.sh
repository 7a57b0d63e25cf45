# What the scripts of tools/dev share. Source it; it sets $root and goes there.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
cd "$root"

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
  bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' blue=$'\e[34m' plain=$'\e[0m'
else
  bold='' red='' green='' blue='' plain=''
fi

# One line that says what happens now.
say() { printf '%s\n' "$blue==>$plain $bold$*$plain"; }

die() {
  printf '%s\n' "${red}error:$plain $*" >&2
  exit 1
}

# Prints a command as one could type it, then runs it.
show_run() {
  local word line=''
  for word in "$@"; do
    # Quote only what needs it, so that the line stays readable.
    [[ $word =~ ^[A-Za-z0-9_./=:,+@%-]+$ ]] || word="'${word//\'/\'\\\'\'}'"
    line+="$word "
  done
  printf '%s\n' "$blue\$$plain ${line% }"
  "$@"
}

# The comment block at the top of the script is its help.
show_help() { awk 'NR > 1 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }

# The value of an option: need_value "$@" fails where there is none.
need_value() { [ $# -ge 2 ] || die "option \`$1\` needs a value"; }

unknown_option() { die "unknown option \`$1\`, see --help"; }

# The build folder of a preset.
build_folder() {
  case $1 in
  default) echo build ;;
  *) echo "build-$1" ;;
  esac
}
