//===- Supervisor.cpp - Whatever the model does, one sentence -------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/tensorc/Supervisor.h"

#include "compiler/frontend/ModelCode.h"
#include "tools/tensorc/Output.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace tensorc::tool {

using Clock = std::chrono::steady_clock;

namespace {

/// What the two processes share.
struct Board {
  std::atomic<bool> finished; ///< `body` has returned, the output is written
  std::atomic<int> status;    ///< what it returned
  /// When the model's code began that runs now; 0 while none does.
  std::atomic<Clock::rep> modelSince;
  char doing[512]; ///< "while tracing `f`": the model's code, else tensorc's
  char scratch[512];
  char error[512]; ///< what is left to be said, or empty
};

/// The signals that ask the program to end.
constexpr int kRequests[] = {SIGINT, SIGTERM, SIGHUP};

} // namespace

/// Null where nobody watches.
static Board *board = nullptr;
static std::function<void(const char *)> modelCodeCallback;

static void assign(char (&to)[512], StringRef text) {
  size_t length = std::min(text.size(), sizeof(to) - 1);
  std::memcpy(to, text.data(), length);
  to[length] = 0;
}
static void note(StringRef doing) { assign(board->doing, doing); }

void noteActivity(StringRef doing) {
  if (board && board->modelSince.load() == 0)
    note(doing);
}

void leaveError(StringRef message) {
  if (board)
    assign(board->error, message);
}

std::string scratchFolder() { return board ? board->scratch : ""; }

void onModelCode(std::function<void(const char *)> callback) {
  modelCodeCallback = std::move(callback);
}

static void watchModelCode(const char *doing) {
  if (!doing) {
    board->modelSince = 0;
    return;
  }
  note("while " + std::string(doing));
  board->modelSince = Clock::now().time_since_epoch().count();
  if (modelCodeCallback)
    modelCodeCallback(doing);
}

static int fail(const Twine &message) {
  errs() << "tensorc: error: " << message << "\n";
  return 1;
}

//===----------------------------------------------------------------------===//
// The process that works
//===----------------------------------------------------------------------===//

[[noreturn]] static void work(const SupervisorOptions &options, pid_t parent,
                              function_ref<int()> body) {
  // Nobody waits for what this would write, nor if that was so before.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent)
    _exit(1);
  if (options.stackTrace) {
    sys::PrintStackTraceOnErrorSignal("tensorc");
    EnablePrettyStackTrace();
    setBugReportMsg("");
  }
  compiler::ModelCode::setWatcher(watchModelCode);
  int status = body();
  if (Error error = flushStdout())
    status = fail(toString(std::move(error)));
  std::cout.flush();
  std::cerr.flush();
  std::fflush(nullptr);
  board->status = status;
  board->finished = true;
  // What the model has registered for the end of the program doesn't run.
  _exit(status);
}

//===----------------------------------------------------------------------===//
// The process that watches
//===----------------------------------------------------------------------===//

static std::string signalName(int number) {
  const char *name = sigdescr_np(number);
  return "signal " + std::to_string(number) +
         (name ? ", " + StringRef(name).lower() : "");
}

/// One sentence about a process that ended before its work was done.
static int tell(const SupervisorOptions &options, int status) {
  bool model = board->modelSince.load() != 0;
  std::string doing(board->doing, strnlen(board->doing, sizeof(Board::doing)));
  if (WIFEXITED(status)) {
    // Where it wasn't the model's turn it was a thread of the model's.
    return fail("the model ended the program " + doing + " (exit status " +
                Twine(WEXITSTATUS(status)) +
                "): a model file must not do so, nothing was written");
  }
  std::string how = " (" + signalName(WTERMSIG(status)) + ")";
  std::string hint =
      options.stackTrace ? "" : "; `--stack-trace` shows where it did";
  if (WTERMSIG(status) == SIGKILL)
    return fail("tensorc was killed " + doing + how + ": did memory run out?");
  if (model)
    return fail("the model crashed " + doing + how + hint);
  return fail("tensorc crashed " + doing + how +
              ": please report it with the model" + hint);
}

/// Whether the model's code has taken longer than it may.
static bool overdue(const SupervisorOptions &options) {
  Clock::rep since = board->modelSince.load();
  if (options.timeout <= 0 || since == 0)
    return false;
  std::chrono::duration<double> spent =
      Clock::now() - Clock::time_point(Clock::duration(since));
  return spent.count() > options.timeout;
}

/// Waits for the end of `child`; the status is that of `waitpid`. Passes on
/// requests to end, `request` is the last one, or -1 when time has run out.
static int waitFor(pid_t child, const sigset_t &signals,
                   const SupervisorOptions &options, int &request) {
  int status = 0;
  Clock::time_point asked;
  while (waitpid(child, &status, WNOHANG) == 0) {
    // Often enough for the timeout; signals come at once.
    timespec interval = {0, 100'000'000};
    int signal = sigtimedwait(&signals, nullptr, &interval);
    if (is_contained(kRequests, signal)) {
      request = signal;
      asked = Clock::now();
      kill(child, signal);
    } else if (request == 0 && overdue(options)) {
      request = -1;
      kill(child, SIGKILL);
    } else if (request > 0 && Clock::now() - asked > std::chrono::seconds(2)) {
      kill(child, SIGKILL);
    }
  }
  return status;
}

/// In a folder for temporary files; held by the processes that use it.
static constexpr StringRef kLock = "in-use-by-tensorc";

/// Locks `folder`, a temporary one; false where another process uses it, or
/// where it is none. The lock ends with the last process that has it.
static bool lockScratch(const Twine &folder, int flags) {
  std::string path = (folder + "/" + kLock).str();
  int file = open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
  if (file < 0)
    return false;
  if (flock(file, LOCK_EX | LOCK_NB) == 0)
    return true;
  close(file);
  return false;
}

/// Removes what was left behind by processes that nobody let end.
static void removeStale(StringRef temporary, StringRef prefix) {
  std::error_code code;
  auto now = std::chrono::system_clock::now();
  for (sys::fs::directory_iterator it(temporary, code, /*follow=*/false), end;
       !code && it != end; it.increment(code)) {
    sys::fs::file_status status;
    // Whoever has just made one locks it yet.
    if (sys::path::filename(it->path()).starts_with(prefix) &&
        !sys::fs::status(it->path(), status, /*follow=*/false) &&
        sys::fs::is_directory(status) && status.getUser() == getuid() &&
        now - status.getLastModificationTime() > std::chrono::minutes(1) &&
        lockScratch(it->path(), 0))
      sys::fs::remove_directories(it->path());
  }
}

/// An error names the folder where there should have been one.
static llvm::Error makeScratch() {
  SmallString<128> temporary, folder;
  sys::path::system_temp_directory(/*erasedOnReboot=*/true, temporary);
  constexpr StringRef prefix = "tensorc-model";
  removeStale(temporary, prefix);
  std::error_code code =
      sys::fs::createUniqueDirectory(Twine(temporary) + "/" + prefix, folder);
  if (!code && folder.size() >= sizeof(Board::scratch)) {
    sys::fs::remove(folder);
    code = std::make_error_code(std::errc::filename_too_long);
  }
  if (code)
    return createStringError(code,
                             "cannot make a folder in `" + temporary +
                                 "`: " + StringRef(code.message()).lower() +
                                 "; `$TMPDIR` can name another place");
  lockScratch(folder, O_CREAT | O_EXCL);
  assign(board->scratch, folder);
  return llvm::Error::success();
}

int supervise(const SupervisorOptions &options, function_ref<int()> body) {
  void *memory = mmap(nullptr, sizeof(Board), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return fail("cannot share memory: " + sys::StrError());
  board = new (memory) Board{};
  note("while starting");
  if (llvm::Error error = makeScratch())
    return fail(toString(std::move(error)));

  std::signal(SIGCHLD, SIG_DFL); // else the status may be lost
  sigset_t signals, before;
  sigemptyset(&signals);
  sigaddset(&signals, SIGCHLD);
  for (int request : kRequests)
    sigaddset(&signals, request);
  sigprocmask(SIG_BLOCK, &signals, &before);
  pid_t parent = getpid();
  pid_t child = fork();
  if (child == 0) {
    sigprocmask(SIG_SETMASK, &before, nullptr);
    work(options, parent, body);
  }
  int request = 0;
  int status = child < 0 ? 0 : waitFor(child, signals, options, request);
  sys::fs::remove_directories(board->scratch);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  if (child < 0)
    return fail("cannot start a process: " + sys::StrError());
  if (board->error[0])
    fail(board->error);
  if (board->finished)
    return board->status;
  if (request > 0) {
    // Whoever asked sees that it was done.
    std::signal(request, SIG_DFL);
    std::raise(request);
  }
  if (request < 0)
    return fail("the model took longer " + Twine(board->doing) + " than " +
                formatv("{0:f}", options.timeout).str() +
                " seconds, the `--timeout`");
  return tell(options, status);
}

} // namespace tensorc::tool
