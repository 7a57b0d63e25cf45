# Runs the command lines that the page shows for line.cpp and app.cpp.
tensorc=$(grep -o '`tensorc line.cpp[^`]*`' "$1" | tr -d '`')
link=$(grep '^    c++ .*app\.cpp' "$1")
eval "$tensorc"
eval "$link"
./app
