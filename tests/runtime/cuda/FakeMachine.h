//===- FakeMachine.h - What is behind the fake driver ---------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_TESTS_RUNTIME_CUDA_FAKEMACHINE_H
#define TENSORC_TESTS_RUNTIME_CUDA_FAKEMACHINE_H

#include "tests/runtime/cuda/FakeDriver.h"

#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

namespace tensorc::rt::cuda {

/// One piece of work on a stream.
struct Work {
  std::string name;
  std::function<void()> run;
  Event wait = nullptr; ///< can't begin until `wait` has got to `version`
  std::uint64_t version = 0;
};

struct OpaqueGraph {
  std::vector<Work> works;
};
struct OpaqueGraphExec {
  std::vector<Work> works;
};
struct OpaqueEvent {
  std::uint64_t recorded = 0;
  std::uint64_t done = 0;
};
struct OpaqueStream {
  int serial = 0; ///< orders streams by their creation
  std::deque<Work> queue;
  std::unique_ptr<OpaqueGraph> capture;
  std::thread::id capturer;
};
struct OpaqueFunction {
  std::string name;
  std::vector<unsigned> parameters; ///< bytes of each
  unsigned sharedLimit = 48 << 10;
};
/// An image that was loaded; libraries, modules and kernels in one.
struct FakeImage {
  std::map<std::string, OpaqueFunction> functions;
};
struct OpaqueLibrary : FakeImage {};
struct OpaqueModule : FakeImage {};
struct OpaqueKernel {};
struct OpaqueContext {
  int users = 0;
  Result broken = kSuccess;
};

/// All state, under one lock.
struct Machine {
  FakeDriver fake;
  std::recursive_mutex lock;
  OpaqueContext context;
  std::map<Address, std::size_t> memory;
  std::map<void *, std::size_t> hostMemory;
  std::set<Stream> streams;
  int streamsCreated = 0;
  std::set<Event> events;

  /// Begins a call: writes it down, and says whether it is to fail.
  Result enter(const char *name, bool needsContext = true);
  void violation(const std::string &words);
  void count(const std::string &kind, int change);

  /// Adds work to a stream, or to the graph that is captured from it.
  Result push(Stream stream, Work work);
  /// Works until `done`, in a random order.
  Result workUntil(const std::function<bool()> &done);
  Result workUntilIdle(Stream stream);
  /// Whether this thread captures a stream.
  bool capturing() const;

  bool inMemory(Address address, std::size_t bytes) const;
  bool inHostMemory(const void *address, std::size_t bytes) const;
  void copy(void *to, const void *from, std::size_t bytes, bool toDevice);
  void freeMemory(Address address);
  void freeHostMemory(void *address);
  void endContext();
  void execute(const OpaqueFunction &function, const FakeLaunch &launch);
};

Machine &machine();
/// The contexts that are current on this thread, the last one on top.
std::vector<Context> &currentContexts();
/// The entries of an image: of each `.visible .entry`, name and parameters.
bool parseImage(const char *text, FakeImage &image);

} // namespace tensorc::rt::cuda

#endif // TENSORC_TESTS_RUNTIME_CUDA_FAKEMACHINE_H
