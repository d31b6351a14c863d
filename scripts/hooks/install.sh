#!/usr/bin/env bash
# Points this checkout's Git at scripts/hooks. Undo: `git config --unset core.hooksPath`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
current=$(git config --get core.hooksPath || true)
if [ -n "$current" ] && [ "$current" != scripts/hooks ]; then
  echo "This checkout has hooks of its own in $current: call scripts/hooks/pre-commit from there." >&2
  exit 1
fi
git config core.hooksPath scripts/hooks
echo 'The pre-commit hook is in place: secret scan and format of what is staged.'
