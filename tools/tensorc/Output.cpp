//===- Output.cpp - Files that appear whole or not at all -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Output.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Signals.h"

using namespace llvm;

namespace tensorc::tool {

static llvm::Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError(code, "cannot write `" + path +
                                     "`: " + StringRef(code.message()).lower());
}

OutputFiles::~OutputFiles() {
  for (const File &file : files) {
    if (file.temporary == file.path)
      continue;
    sys::fs::remove(file.temporary);
    sys::DontRemoveFileOnSignal(file.temporary);
  }
}

Expected<std::string> OutputFiles::temporaryFor(StringRef path) {
  if (sys::fs::is_directory(path))
    return cannotWrite(path, std::make_error_code(std::errc::is_a_directory));
  // A device or a pipe is written to, never replaced.
  if (sys::fs::exists(path) && !sys::fs::is_regular_file(path)) {
    files.push_back({path.str(), path.str()});
    return path.str();
  }
  SmallString<128> temporary;
  if (std::error_code code =
          sys::fs::createUniqueFile(path + ".%%%%%%.tmp", temporary,
                                    sys::fs::all_read | sys::fs::all_write))
    return cannotWrite(path, code);
  sys::RemoveFileOnSignal(temporary);
  files.push_back({path.str(), temporary.str().str()});
  return files.back().temporary;
}

Error OutputFiles::add(StringRef path, StringRef contents) {
  return add(path, [&](StringRef temporary) -> Error {
    std::error_code code;
    raw_fd_ostream os(temporary, code);
    if (code)
      return cannotWrite(path, code);
    os << contents;
    os.close();
    if (!os.has_error())
      return Error::success();
    code = os.error();
    os.clear_error();
    return cannotWrite(path, code);
  });
}

Error OutputFiles::add(StringRef path,
                       function_ref<Error(StringRef temporary)> write) {
  Expected<std::string> temporary = temporaryFor(path);
  if (!temporary)
    return temporary.takeError();
  return write(*temporary);
}

Error OutputFiles::commit() {
  for (const File &file : files) {
    if (file.temporary == file.path)
      continue;
    if (std::error_code code = sys::fs::rename(file.temporary, file.path))
      return cannotWrite(file.path, code);
    sys::DontRemoveFileOnSignal(file.temporary);
  }
  files.clear();
  return Error::success();
}

std::string escapeForMake(StringRef path) {
  std::string escaped;
  for (char c : path) {
    if (c == ' ' || c == '#' || c == '\\')
      escaped += '\\';
    else if (c == '$')
      escaped += '$';
    escaped += c;
  }
  return escaped;
}

} // namespace tensorc::tool
