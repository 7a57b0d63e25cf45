//===- TiedProcess.cpp - A program that doesn't outlive its caller --------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/frontend/TiedProcess.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Errno.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace tensorc::compiler {

// A signal at the parent's death (PR_SET_PDEATHSIG) reaches a child, and not
// what that has started, as a compiler's driver starts the compiler. Those are
// of its process group, though; so there is a group of theirs, led by a process
// that does nothing but wait for the end of a pipe, which this process alone
// can write to.
static pid_t startWatcher(int (&pipe)[2]) {
  pid_t watcher = fork();
  if (watcher != 0) {
    if (watcher > 0)
      setpgid(watcher, watcher); // whoever comes first
    return watcher;
  }
  // Of a process with threads: from here on, functions for signal handlers
  // only.
  setpgid(0, 0);
  close(pipe[1]);
  char none;
  while (read(pipe[0], &none, 1) < 0 && errno == EINTR) {
  }
  kill(0, SIGKILL);
  _exit(1);
}

static int waitFor(pid_t process) {
  int status = 0;
  while (waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

Expected<int> runTied(ArrayRef<std::string> command,
                      const std::string &output) {
  auto failed = [&](int code) {
    return createStringError(std::error_code(code, std::generic_category()),
                             "cannot run `" + command.front() + "`: " +
                                 StringRef(sys::StrError(code)).lower());
  };
  int pipe[2];
  if (pipe2(pipe, O_CLOEXEC) != 0)
    return failed(errno);
  pid_t watcher = startWatcher(pipe);
  int code = watcher < 0 ? errno : 0;
  pid_t program = 0;
  if (code == 0) {
    SmallVector<char *> arguments;
    for (const std::string &word : command)
      arguments.push_back(const_cast<char *>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, watcher);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int descriptor : {STDOUT_FILENO, STDERR_FILENO})
      if (!output.empty())
        posix_spawn_file_actions_addopen(&actions, descriptor, output.c_str(),
                                         O_WRONLY | O_CREAT | O_APPEND, 0600);
    code = posix_spawn(&program, arguments[0], &actions, &attributes,
                       arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  int status = code == 0 ? waitFor(program) : 0;
  if (watcher > 0) {
    kill(watcher, SIGKILL);
    waitFor(watcher);
  }
  close(pipe[0]);
  close(pipe[1]);
  if (code != 0)
    return failed(code);
  return status;
}

} // namespace tensorc::compiler
