//===- Output.cpp - Files that appear whole or not at all -----------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Output.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

using namespace llvm;

namespace tensorc::tool {

static llvm::Error cannotWrite(StringRef path, std::error_code code) {
  return createStringError(code, "cannot write `" + path +
                                     "`: " + StringRef(code.message()).lower());
}

Error flushStdout() {
  outs().flush();
  std::error_code code = outs().error();
  if (!code)
    return Error::success();
  outs().clear_error();
  return createStringError(code, "cannot write to stdout: " +
                                     StringRef(code.message()).lower());
}

bool isDevice(StringRef path) {
  sys::fs::file_status status;
  return !sys::fs::status(path, status) && sys::fs::exists(status) &&
         !sys::fs::is_regular_file(status) && !sys::fs::is_directory(status);
}

/// The one name of a file that may not be there yet.
static std::string canonical(StringRef path) {
  SmallString<128> result;
  if (!sys::fs::real_path(path, result))
    return result.str().str();
  StringRef folder = sys::path::parent_path(path);
  if (sys::fs::real_path(folder.empty() ? "." : folder, result))
    return path.str();
  sys::path::append(result, sys::path::filename(path));
  return result.str().str();
}

void TakenFiles::add(StringRef path, StringRef what) {
  if (!isDevice(path))
    files.push_back({canonical(path), what.str()});
}

Error TakenFiles::check(StringRef path) const {
  if (sys::fs::is_directory(path))
    return cannotWrite(path, std::make_error_code(std::errc::is_a_directory));
  std::string name = canonical(path);
  for (const File &file : files) {
    // The same file by another name: a hard link.
    bool same = false;
    if (name == file.path ||
        (!sys::fs::equivalent(path, file.path, same) && same))
      return createStringError("cannot write `" + path + "`: it is " +
                               file.what + "; expected another file, see `-o`");
  }
  return Error::success();
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
  if (Error error = taken.check(path))
    return std::move(error);
  if (isDevice(path)) {
    files.push_back({path.str(), path.str()});
    return path.str();
  }
  taken.add(path, "written by this run already");
  std::string target = canonical(path);
  SmallString<128> temporary;
  if (std::error_code code =
          sys::fs::createUniqueFile(target + ".%%%%%%.tmp", temporary,
                                    sys::fs::all_read | sys::fs::all_write))
    return cannotWrite(path, code);
  sys::RemoveFileOnSignal(temporary);
  files.push_back({target, temporary.str().str()});
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
