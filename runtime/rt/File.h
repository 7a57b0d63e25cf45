//===- File.h - Files, read whole and replaced whole --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RT_FILE_H
#define TENSORC_RT_FILE_H

#include "Status.h"

#include <limits.h>

namespace tensorc::rt {

/// A regular file that is open for reading. Every failure names the file.
class InputFile {
public:
  InputFile() = default;
  InputFile(const InputFile &) = delete;
  InputFile &operator=(const InputFile &) = delete;
  ~InputFile();

  /// `path` must live as long as this.
  int32_t open(const char *path);
  /// Bytes, when it was opened.
  uint64_t size() const { return size_; }
  const char *path() const { return path_; }
  /// Reads exactly `bytes` from `offset`.
  int32_t read(void *destination, uint64_t bytes, uint64_t offset) const;

private:
  const char *path_ = "";
  int descriptor_ = -1;
  uint64_t size_ = 0;
};

/// A file that appears under its name whole or not at all: written beside it
/// under another name, forced to the disk, then renamed. Links are followed
/// and permissions kept. Without a `commit`, nothing remains of it.
class AtomicFile {
public:
  AtomicFile() = default;
  AtomicFile(const AtomicFile &) = delete;
  AtomicFile &operator=(const AtomicFile &) = delete;
  ~AtomicFile();

  /// `path` must live as long as this.
  int32_t open(const char *path);
  int32_t write(const void *data, uint64_t bytes);
  int32_t commit();

private:
  int32_t fail(const char *what, int error) const;
  int32_t create(size_t folderLength);
  int32_t syncFolder(const char *folder) const;

  const char *path_ = "";
  int descriptor_ = -1;
  bool created_ = false;
  char target_[PATH_MAX] = {};
  char temporary_[PATH_MAX] = {};
};

} // namespace tensorc::rt

#endif // TENSORC_RT_FILE_H
