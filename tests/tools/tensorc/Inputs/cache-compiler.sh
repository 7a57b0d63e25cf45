#!/bin/bash
# g++, which can be told by $LOG to note its arguments, by $REFUSE to fail where
# they have that, and by $HANG to make nothing of a model file, and that file
# instead of a precompiled header, whereupon it never comes back.
[ -z "$LOG" ] || echo "$*" >> "$LOG"
if [ -n "$REFUSE" ] && [[ "$*" == *"$REFUSE"* ]]; then
  echo "internal compiler error" >&2
  exit 1
fi
if [ -n "$HANG" ] && [[ "$*" == *c++-header* ]]; then
  while [ "$1" != -o ]; do shift; done
  echo begun > "$2"
  touch "$HANG"
  sleep 100
elif [ -n "$HANG" ] && [[ "$*" != *-fsyntax-only* ]]; then
  exit 0
fi
exec g++ "$@"
