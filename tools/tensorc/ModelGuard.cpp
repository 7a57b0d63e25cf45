//===- ModelGuard.cpp - What the model changes, put back ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/ModelGuard.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

#include <clocale>
#include <cstdio>
#include <fcntl.h>
#include <iostream>
#include <unistd.h>

namespace tensorc::tool {

static void flushAll() {
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
}

/// The duplicates lie high, where few models close anything.
static constexpr int kFirstDuplicate = 100;

ModelGuard::Stream::Stream(int number)
    : number(number), saved(fcntl(number, F_DUPFD_CLOEXEC, kFirstDuplicate)),
      open(saved >= 0 && fstat(saved, &identity) == 0) {}

bool ModelGuard::Stream::restore() {
  if (!open)
    return true; // it was closed before
  struct stat now;
  bool same = fstat(saved, &now) == 0 && now.st_dev == identity.st_dev &&
              now.st_ino == identity.st_ino;
  if (same)
    same = dup2(saved, number) == number;
  if (same)
    close(saved);
  return same;
}

ModelGuard::ModelGuard()
    : out(STDOUT_FILENO), err(STDERR_FILENO),
      cLocale(std::setlocale(LC_ALL, nullptr)) {
  flushAll();
  if (out.open)
    dup2(STDERR_FILENO, STDOUT_FILENO);
  llvm::SmallString<128> path;
  if (!llvm::sys::fs::current_path(path))
    folder = path.str();
  std::fegetenv(&floats);
  mask = umask(0);
  umask(mask);
}

ModelGuard::~ModelGuard() { llvm::consumeError(restore()); }

llvm::Error ModelGuard::restore() {
  if (restored)
    return llvm::Error::success();
  restored = true;
  flushAll();
  bool errGood = err.restore(), outGood = out.restore();
  std::locale::global(locale);
  std::setlocale(LC_ALL, cLocale.c_str());
  std::fesetenv(&floats);
  umask(mask);
  if (!folder.empty() && chdir(folder.c_str()) != 0)
    return llvm::createStringError("cannot go back to the folder `" + folder +
                                   "` after the model's code");
  if (outGood && errGood)
    return llvm::Error::success();
  return llvm::createStringError(
      "the model closed files that aren't its own: expected that stdout and "
      "stderr stay open");
}

} // namespace tensorc::tool
