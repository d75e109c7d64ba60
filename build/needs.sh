# Sourced by the scripts that build or test: says what is missing and installs it, and nothing else.
# shellcheck shell=bash

missing=() # packages
absent=()  # what each of them is wanted for

# need PROBE PACKAGE...: the Debian packages are wanted unless PROBE, a command or a path they bring, is there.
need() {
  local probe=$1 package
  shift
  if command -v "$probe" >/dev/null 2>&1 || [ -e "$probe" ]; then
    return 0
  fi
  absent+=("$probe (package $*)")
  for package in "$@"; do
    [[ " ${missing[*]} " == *" $package "* ]] || missing+=("$package")
  done
}

# install_missing WHO: installs what the need calls before it found missing; WHO begins the sentence that says so.
install_missing() {
  [ ${#missing[@]} -gt 0 ] || return 0
  local command="apt-get install --no-install-recommends ${missing[*]}" as_root=() listed
  listed=$(printf ', %s' "${absent[@]}")
  echo "$1 needs what is not installed: ${listed:2}." >&2
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "This system has no apt-get. Install them with its own package manager, then try again." >&2
    return 1
  fi
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null 2>&1; then
      echo "There is no sudo. Run this as root, then try again: $command" >&2
      return 1
    fi
    as_root=(sudo)
    if can_ask; then
      echo "Installing them needs root, for this command alone: $command" >&2
    else
      as_root=(sudo --non-interactive)
    fi
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  if ! "${as_root[@]}" update >&2 ||
     ! "${as_root[@]}" install --yes --no-install-recommends "${missing[@]}" </dev/null >&2; then
    echo "They could not be installed. Run this as root, then try again: $command" >&2
    return 1
  fi
  missing=() absent=()
}

# can_ask: whether a password may be asked for.
can_ask() {
  [ -z "${CI:-}" ] && { true </dev/tty; } 2>/dev/null
}

# need_sdk: the .NET SDK that global.json names is there, or a sentence says where to get it. Asks from the current folder.
need_sdk() {
  local wanted
  wanted=$(sed -n 's/.*"version": *"\([0-9.]*\)".*/\1/p' global.json)
  if ! command -v dotnet >/dev/null 2>&1; then
    echo "Catalogizer is built with the .NET SDK $wanted, which is not installed. Get it from https://dotnet.microsoft.com/download, then try again." >&2
    return 1
  fi
  if ! dotnet --version >/dev/null 2>&1; then
    echo "Catalogizer is built with the .NET SDK $wanted; installed here: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' ')." >&2
    echo "Get it from https://dotnet.microsoft.com/download, then try again." >&2
    return 1
  fi
}
