//===- File.cpp - Files, read whole and replaced whole ------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "File.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

using namespace tensorc::rt;

/// The most that one call is asked to move; Linux stops a little above.
static constexpr uint64_t kChunk = 1u << 30;

InputFile::~InputFile() {
  if (descriptor_ >= 0)
    close(descriptor_);
}

static int32_t checkPath(const char *path) {
  return *path ? TENSORC_OK
               : tensorc_rt_fail(TENSORC_ERROR_INVALID_ARGUMENT,
                                 "expected the path of a file, received \"\"");
}

int32_t InputFile::open(const char *path) {
  path_ = path;
  if (int32_t status = checkPath(path))
    return status;
  // Not to hang on a pipe that nobody writes; files don't care.
  descriptor_ = ::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat status;
  if (descriptor_ < 0 || fstat(descriptor_, &status) != 0)
    return tensorc_rt_fail(TENSORC_ERROR_IO, "%s: can't open: %s", path,
                           Errno(errno).text);
  if (!S_ISREG(status.st_mode))
    return tensorc_rt_fail(TENSORC_ERROR_IO, "%s: not a regular file", path);
  size_ = static_cast<uint64_t>(status.st_size);
  return TENSORC_OK;
}

int32_t InputFile::read(void *destination, uint64_t bytes,
                        uint64_t offset) const {
  char *next = static_cast<char *>(destination);
  while (bytes) {
    ssize_t got = pread(descriptor_, next, bytes < kChunk ? bytes : kChunk,
                        static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return tensorc_rt_fail(TENSORC_ERROR_IO, "%s: can't read: %s", path_,
                             Errno(errno).text);
    if (got == 0)
      return tensorc_rt_fail(TENSORC_ERROR_IO,
                             "%s: became shorter while it was read", path_);
    next += got;
    bytes -= static_cast<uint64_t>(got);
    offset += static_cast<uint64_t>(got);
  }
  return TENSORC_OK;
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0)
    close(descriptor_);
  if (created_)
    unlink(temporary_);
}

int32_t AtomicFile::fail(const char *what, int error) const {
  return tensorc_rt_fail(TENSORC_ERROR_IO, "%s: can't %s: %s", path_, what,
                         Errno(error).text);
}

int32_t AtomicFile::open(const char *path) {
  path_ = path;
  if (int32_t status = checkPath(path))
    return status;
  struct stat status;
  bool exists = lstat(path, &status) == 0;
  if (exists && S_ISLNK(status.st_mode)) {
    // Writes through the link, as `open` would.
    if (!realpath(path, target_))
      return fail("follow the link", errno);
    exists = stat(target_, &status) == 0;
  } else if (snprintf(target_, sizeof(target_), "%s", path) >=
             static_cast<int>(sizeof(target_))) {
    return fail("write", ENAMETOOLONG);
  }
  if (exists && !S_ISREG(status.st_mode))
    return tensorc_rt_fail(TENSORC_ERROR_IO, "%s: not a regular file", path_);

  const char *slash = strrchr(target_, '/');
  if (int32_t failed = create(slash ? slash - target_ + 1 : 0))
    return failed;
  if (exists && fchmod(descriptor_, status.st_mode & 0777) != 0)
    return fail("keep the permissions", errno);
  return TENSORC_OK;
}

int32_t AtomicFile::create(size_t folderLength) {
  // The name doesn't contain the target's: that one may be as long as a name
  // can be.
  timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  for (unsigned attempt = 0; attempt < 1000; ++attempt) {
    int length = snprintf(
        temporary_, sizeof(temporary_), "%.*s.tensorc-%d-%lx.tmp",
        static_cast<int>(folderLength), target_, static_cast<int>(getpid()),
        static_cast<unsigned long>(time.tv_nsec) + attempt);
    if (length >= static_cast<int>(sizeof(temporary_)))
      return fail("write", ENAMETOOLONG);
    descriptor_ =
        ::open(temporary_, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    created_ = descriptor_ >= 0;
    if (created_)
      return TENSORC_OK;
    if (errno != EEXIST && errno != EINTR)
      break;
  }
  return fail("write", errno);
}

int32_t AtomicFile::write(const void *data, uint64_t bytes) {
  const char *next = static_cast<const char *>(data);
  while (bytes) {
    ssize_t done = ::write(descriptor_, next, bytes < kChunk ? bytes : kChunk);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return fail("write", errno);
    next += done;
    bytes -= static_cast<uint64_t>(done);
  }
  return TENSORC_OK;
}

int32_t AtomicFile::commit() {
  if (fsync(descriptor_) != 0)
    return fail("write", errno);
  int descriptor = descriptor_;
  descriptor_ = -1; // closed even where `close` reports an error
  if (close(descriptor) != 0)
    return fail("write", errno);
  if (rename(temporary_, target_) != 0)
    return fail("replace", errno);
  created_ = false;
  if (char *slash = strrchr(target_, '/'))
    slash[1] = 0;
  else
    strcpy(target_, ".");
  return syncFolder(target_);
}

/// Makes the new name last through a loss of power.
int32_t AtomicFile::syncFolder(const char *folder) const {
  int descriptor = ::open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  // A folder that may be written but not read can't be synced.
  if (descriptor < 0)
    return errno == EACCES ? TENSORC_OK : fail("sync the folder", errno);
  // Some file systems can't sync folders: EINVAL.
  int error = fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;
  close(descriptor);
  return error ? fail("sync the folder", error) : TENSORC_OK;
}
