# cmake -DINPUT=file -DOUTPUT=file.cpp -DNAME=symbol -P EmbedFile.cmake
# Writes C++ that defines the bytes of INPUT as the array NAME, NAME_size long.
file(READ ${INPUT} bytes HEX)
string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
file(WRITE ${OUTPUT} "#include <cstddef>
extern const unsigned char ${NAME}[];
extern const size_t ${NAME}_size;
alignas(16) const unsigned char ${NAME}[] = {
${bytes}};
const size_t ${NAME}_size = sizeof(${NAME});
")
