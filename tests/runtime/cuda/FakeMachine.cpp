//===- FakeMachine.cpp - What is behind the fake driver -------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/runtime/cuda/FakeMachine.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <regex>

namespace tensorc::rt::cuda {

Machine &machine() {
  static Machine machine;
  return machine;
}

std::vector<Context> &currentContexts() {
  static thread_local std::vector<Context> contexts;
  return contexts;
}

Result Machine::enter(const char *name, bool needsContext) {
  fake.calls.push_back(name);
  if (fake.failOnly.empty() || fake.failOnly == name) {
    if (fake.failCountdown > 0) {
      --fake.failCountdown;
    } else if (fake.failCountdown == 0 &&
               (fake.failed.empty() || fake.failed == name)) {
      fake.failed = name;
      if (--fake.failTimes <= 0)
        fake.failCountdown = -1;
      return fake.failWith;
    }
  }
  if (!needsContext)
    return kSuccess;
  if (currentContexts().empty()) {
    // A runtime that couldn't make its context current may still clean up.
    if (fake.failed != "cuCtxPushCurrent_v2")
      violation(std::string(name) + " without a context");
    return 201; // CUDA_ERROR_INVALID_CONTEXT
  }
  return context.broken;
}

void Machine::violation(const std::string &words) {
  fake.violations.push_back(words);
}

void Machine::count(const std::string &kind, int change) {
  fake.live[kind] += change;
  if (fake.live[kind] < 0)
    violation(kind + " given back twice");
}

bool Machine::capturing() const {
  for (Stream stream : streams)
    if (stream->capture && stream->capturer == std::this_thread::get_id())
      return true;
  return false;
}

Result Machine::push(Stream stream, Work work) {
  if (!streams.count(stream)) {
    violation(work.name + " on no stream");
    return kInvalidHandle;
  }
  if (stream->capture)
    stream->capture->works.push_back(std::move(work));
  else
    stream->queue.push_back(std::move(work));
  return kSuccess;
}

Result Machine::workUntil(const std::function<bool()> &done) {
  while (!done()) {
    if (context.broken)
      return context.broken;
    std::vector<Stream> ready;
    for (Stream stream : streams)
      if (!stream->queue.empty() &&
          (!stream->queue.front().wait ||
           stream->queue.front().wait->done >= stream->queue.front().version))
        ready.push_back(stream);
    if (ready.empty()) {
      violation("streams wait for each other");
      return kUnknown;
    }
    // The same order everywhere for the same seed.
    std::sort(ready.begin(), ready.end(),
              [](Stream a, Stream b) { return a->serial < b->serial; });
    Stream stream = ready[fake.random() % ready.size()];
    Work work = std::move(stream->queue.front());
    stream->queue.pop_front();
    fake.executed.push_back(work.name);
    if (work.run)
      work.run();
  }
  return context.broken;
}

Result Machine::workUntilIdle(Stream stream) {
  if (!stream)
    return kSuccess; // nothing is ever put on the default stream
  if (!streams.count(stream)) {
    violation("waits for no stream");
    return kInvalidHandle;
  }
  if (stream->capture) {
    violation("waits for a stream that is captured");
    return 900; // CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED
  }
  return workUntil([=] { return stream->queue.empty(); });
}

template <typename Map, typename Key>
static bool covers(const Map &map, Key address, std::size_t bytes) {
  auto after = map.upper_bound(address);
  if (after == map.begin())
    return false;
  auto [start, size] = *std::prev(after);
  std::size_t offset = reinterpret_cast<std::uintptr_t>((void *)address) -
                       reinterpret_cast<std::uintptr_t>((void *)start);
  return offset <= size && bytes <= size - offset;
}

bool Machine::inMemory(Address address, std::size_t bytes) const {
  return covers(memory, address, bytes);
}

bool Machine::inHostMemory(const void *address, std::size_t bytes) const {
  return covers(hostMemory, const_cast<void *>(address), bytes);
}

void Machine::copy(void *to, const void *from, std::size_t bytes,
                   bool toDevice) {
  const void *device = toDevice ? to : from;
  const void *host = toDevice ? from : to;
  if (!inMemory(reinterpret_cast<Address>(device), bytes))
    violation("a copy outside device memory");
  else if (!inHostMemory(host, bytes))
    violation("an asynchronous copy of memory that is not page-locked");
  else
    std::memcpy(to, from, bytes);
}

void Machine::freeMemory(Address address) {
  auto found = memory.find(address);
  if (found == memory.end())
    return violation("frees what is no device memory");
  fake.bytesInUse -= found->second;
  std::free(reinterpret_cast<void *>(address));
  memory.erase(found);
  count("device memory", -1);
}

void Machine::freeHostMemory(void *address) {
  if (!hostMemory.erase(address))
    return violation("frees what is no host memory");
  std::free(address);
  count("host memory", -1);
}

void Machine::endContext() {
  fake.reclaimed += static_cast<int>(memory.size() + hostMemory.size() +
                                     streams.size() + events.size());
  while (!memory.empty())
    freeMemory(memory.begin()->first);
  while (!hostMemory.empty())
    freeHostMemory(hostMemory.begin()->first);
  for (Stream stream : streams) {
    delete stream;
    count("stream", -1);
  }
  for (Event event : events) {
    delete event;
    count("event", -1);
  }
  streams.clear();
  events.clear();
  context.broken = kSuccess;
}

void Machine::execute(const OpaqueFunction &function,
                      const FakeLaunch &launch) {
  if (function.name == fake.crashingKernel) {
    context.broken = kLaunchFailed;
    return;
  }
  fake.launches.push_back(launch);
  auto found = fake.kernels.find(function.name);
  if (found == fake.kernels.end())
    violation("no kernel `" + function.name + "`");
  else
    found->second(launch);
}

bool parseImage(const char *text, FakeImage &image) {
  static const std::regex entry(R"(\.visible\s+\.entry\s+(\w+)\s*\(([^)]*)\))");
  static const std::regex parameter(R"(\.param\s+\.[a-z]+(\d+))");
  std::string source = text;
  for (std::sregex_iterator it(source.begin(), source.end(), entry), end;
       it != end; ++it) {
    OpaqueFunction function;
    function.name = (*it)[1];
    std::string list = (*it)[2];
    for (std::sregex_iterator p(list.begin(), list.end(), parameter); p != end;
         ++p)
      function.parameters.push_back(static_cast<unsigned>(std::stoul((*p)[1])) /
                                    8);
    image.functions[function.name] = function;
  }
  return !image.functions.empty();
}

} // namespace tensorc::rt::cuda
