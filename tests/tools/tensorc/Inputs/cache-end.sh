#!/bin/bash
# cache-end.sh SIGNAL FOLDER: ends tensorc by that while it precompiles.
cd "$2" && rm -f begun
tensorc model.cpp --cxx=./compiler -o ended.o --name=m &
for ((i = 0; i < 300; ++i)); do
  [ ! -e begun ] || break
  sleep 0.1
done
[ -e begun ] && kill -"$1" $! && ! wait $! 2> /dev/null
