# Shared by the scripts: saying what is done, and installing what is missing where that is allowed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n== %s\n' "$*"; }
fail() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }

# step NAME COMMAND…: announces, runs, tells how long it took; a failure ends the script. Inside a function that is run as a
# step, bash does not stop at a failing line by itself: join with && or call fail.
step() {
    local name=$1 start=$SECONDS
    shift
    say "$name"
    "$@" || fail "$name failed: $*"
    printf '   (%s: %d s)\n' "$name" "$((SECONDS - start))"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

may_install() {
    command -v apt-get >/dev/null && { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }
}

# need PACKAGES…: installs Debian packages, or says what is missing and how to get it.
need() {
    if ! may_install; then
        fail "missing: $*. Install them (as root: apt-get install $*) and run this again."
    fi
    say "Installing $*"
    # A package list from long ago, or none at all, finds nothing: refresh it and try again.
    local install="apt-get install -y -qq --no-install-recommends"
    if ! as_root env DEBIAN_FRONTEND=noninteractive $install "$@" >/dev/null 2>&1; then
        as_root apt-get update -qq || fail "the package lists cannot be read"
        as_root env DEBIAN_FRONTEND=noninteractive $install "$@" >/dev/null || fail "installing $* failed"
    fi
}

# Chromium for the tests and pictures: the engine without its window starts a page in half the time.
need_chromium() {
    command -v chromium-headless-shell >/dev/null || need chromium-headless-shell
    CHROMIUM=$(command -v chromium-headless-shell)
    export CHROMIUM
}

need_toolchains() {
    command -v cargo >/dev/null || fail "Rust is missing: see https://rustup.rs"
    { command -v node && command -v npm; } >/dev/null || need nodejs npm
    # The oldest that builds the pages (package.json, engines).
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        fail "Node.js $(node --version) is too old: 20.19 or newer is needed, see https://nodejs.org"
    command -v cc >/dev/null || need gcc libc6-dev
}

node_modules() {
    # npm writes this file last; older than the lockfile means that the lockfile has changed since.
    if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
        npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json
    fi
}
