#!/bin/sh
# Install Harmhex from this folder alone: sh install.sh FOLDER [PYTHON]
set -eu
[ $# -ge 1 ] || { echo "Give the folder to install into: sh install.sh /opt/harmhex" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
python=${2:-python3}
[ ! -e "$1" ] || { echo "$1 exists already. Give a new folder, and keep the old one to go back to." >&2; exit 1; }
if command -v sha256sum >/dev/null 2>&1; then
    (cd "$here" && sha256sum --quiet -c SHA256SUMS)
else
    (cd "$here" && shasum -a 256 -c SHA256SUMS >/dev/null)
fi
"$python" -m venv "$1"
"$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-index \
    --find-links "$here/wheels" --require-hashes -r "$here/requirements.txt" || {
    rm -rf "$1"
    echo "Nothing was installed. Is this Python the one that the bundle was made for?" >&2
    exit 1
}
"$1/bin/harmhex" --help >/dev/null
echo "Installed: $1/bin/harmhex"
