//===- Queue.cpp - A CUDA device as eager mode uses it --------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Queue.h"
#include "Code.h"
#include "Staging.h"
#include "tensorc/error.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <optional>

namespace tensorc::cuda {

using rt::cuda::api;
using rt::cuda::Current;

/// Throws what the runtime's last failure was.
static void check(std::int32_t status) {
  if (status == TENSORC_OK)
    return;
  std::string words = tensorc_rt_last_error();
  Location location = user_location(Location::current());
  if (status == TENSORC_ERROR_DEVICE_OUT_OF_MEMORY ||
      status == TENSORC_ERROR_OUT_OF_MEMORY)
    throw OutOfMemoryError(words, location);
  if (status == TENSORC_ERROR_DEVICE_LOST)
    throw DeviceLostError(words, location);
  throw Error(words, location);
}

struct Queue::State {
  /// A launch that may have failed, and what that would mean.
  struct Pending {
    std::string words;
    Location location;
  };
  /// So many launches that can fail, then somebody waits.
  static constexpr std::size_t kStatuses = 256;

  explicit State(rt::cuda::SharedDevice &device)
      : device(device), memory(std::in_place, device) {}
  ~State();

  void open();
  void wait();
  rt::cuda::Function load(const Launch &launch);
  rt::cuda::Address next_status(const Launch &launch);

  rt::cuda::SharedDevice &device;
  std::mutex mutex; ///< of all that follows but `memory`, which has its own
  rt::cuda::Stream stream = nullptr;
  std::optional<rt::cuda::Allocator> memory;
  std::optional<Staging> staging;
  std::optional<rt::cuda::Kernels> kernels;
  /// What `kernels` refers to: one code, for all devices.
  const tensorc_cuda_code *code = nullptr;
  tensorc_model model = {};
  tensorc_cuda_program program = {};
  rt::cuda::Address statuses = 0; ///< an i32 for each of `pending`
  std::vector<Pending> pending;
};

void Queue::State::open() {
  Current current(device);
  check(current.status);
  check(device.call(api().streamCreate, &stream,
                    unsigned(rt::cuda::kStreamNonBlocking)));
  staging.emplace(device, stream);
}

Queue::State::~State() {
  {
    Current current(device);
    if (stream)
      device.note(api().streamSynchronize(stream),
                  api().streamSynchronize.name);
    kernels.reset();
    staging.reset();
    memory.reset();
    if (stream)
      device.note(api().streamDestroy(stream), api().streamDestroy.name);
  }
  device.release();
}

/// Waits for all that is queued, and looks at what kernels reported.
void Queue::State::wait() {
  check(device.call(api().streamSynchronize, stream));
  if (pending.empty())
    return;
  std::vector<std::int32_t> words(pending.size());
  check(device.call(api().memcpyDtoH, words.data(), statuses,
                    words.size() * sizeof(std::int32_t)));
  auto failed = std::find_if(words.begin(), words.end(),
                             [](std::int32_t word) { return word != 0; });
  if (failed == words.end())
    return pending.clear();
  check(device.call(api().memsetD8Async, statuses, 0,
                    kStatuses * sizeof(std::int32_t), stream));
  Pending first = std::move(pending[std::size_t(failed - words.begin())]);
  pending.clear();
  throw Error(std::move(first.words), first.location);
}

rt::cuda::Function Queue::State::load(const Launch &launch) {
  if (!kernels) {
    model.name = "eager mode";
    program.model = &model;
    program.codes = &launch.code;
    program.code_count = 1;
    check(rt::cuda::chooseCode(program, device, code));
    kernels.emplace(device, program, *code);
  }
  check(kernels->load(launch.kernel, launch.shared_bytes));
  return (*kernels)[launch.kernel];
}

/// The word that a launch reports its failure in, zero until then.
rt::cuda::Address Queue::State::next_status(const Launch &launch) {
  if (!statuses) {
    std::size_t bytes = kStatuses * sizeof(std::int32_t);
    rt::cuda::Address address;
    check(memory->allocate(bytes, address));
    if (std::int32_t status =
            device.call(api().memsetD8Async, address, 0, bytes, stream)) {
      memory->free(address);
      check(status);
    }
    statuses = address;
  }
  if (pending.size() == kStatuses)
    wait();
  pending.push_back({*launch.failure, launch.location});
  return statuses + (pending.size() - 1) * sizeof(std::int32_t);
}

//===----------------------------------------------------------------------===//
// The queues of this process
//===----------------------------------------------------------------------===//

namespace {
struct Registry {
  std::mutex mutex;
  std::map<int, std::shared_ptr<Queue>> queues;
};
} // namespace

/// Never destroyed: when the program ends, the driver may be gone already.
static Registry &registry() {
  static Registry *all = new Registry;
  return *all;
}

Queue::Queue() = default;
Queue::~Queue() = default;

void Queue::open(int index) {
  rt::cuda::SharedDevice *device = nullptr;
  check(rt::cuda::SharedDevice::acquire(index, device));
  state_ = std::make_unique<State>(*device);
  state_->open();
}

std::shared_ptr<Queue> Queue::get(int index) {
  Registry &all = registry();
  std::lock_guard lock(all.mutex);
  std::shared_ptr<Queue> &queue = all.queues[index];
  // A lost one is over when those go who still hold it.
  if (queue && queue->state_->device.checkLost())
    queue.reset();
  if (!queue) {
    std::shared_ptr<Queue> opened(new Queue);
    opened->open(index);
    queue = std::move(opened);
  }
  return queue;
}

std::shared_ptr<Queue> Queue::find(int index) {
  std::lock_guard lock(registry().mutex);
  auto found = registry().queues.find(index);
  return found == registry().queues.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Queue>> Queue::all() {
  std::lock_guard lock(registry().mutex);
  std::vector<std::shared_ptr<Queue>> result;
  for (const auto &[index, queue] : registry().queues)
    if (queue)
      result.push_back(queue);
  return result;
}

void Queue::close_idle() {
  std::lock_guard lock(registry().mutex);
  for (auto &[index, queue] : registry().queues)
    if (queue.use_count() == 1)
      queue.reset();
}

//===----------------------------------------------------------------------===//
// Work
//===----------------------------------------------------------------------===//

std::shared_ptr<void> Queue::allocate(std::size_t bytes) {
  rt::cuda::Address address = 0;
  {
    Current current(state_->device);
    check(current.status);
    check(state_->memory->allocate(bytes, address));
  }
  return {reinterpret_cast<void *>(address),
          [queue = shared_from_this()](void *memory) {
            queue->state_->memory->free(
                reinterpret_cast<rt::cuda::Address>(memory));
          }};
}

void Queue::clear(void *address, std::size_t bytes) {
  if (bytes == 0)
    return;
  std::lock_guard lock(state_->mutex);
  Current current(state_->device);
  check(current.status);
  check(state_->device.call(api().memsetD8Async,
                            reinterpret_cast<rt::cuda::Address>(address), 0,
                            bytes, state_->stream));
}

void Queue::upload(void *address, const void *source, std::size_t bytes) {
  std::lock_guard lock(state_->mutex);
  Current current(state_->device);
  check(current.status);
  check(state_->staging->upload(reinterpret_cast<rt::cuda::Address>(address),
                                source, bytes));
}

void Queue::download(void *destination, const void *address,
                     std::size_t bytes) {
  std::lock_guard lock(state_->mutex);
  Current current(state_->device);
  check(current.status);
  state_->wait();
  if (bytes)
    check(state_->device.call(api().memcpyDtoH, destination,
                              reinterpret_cast<rt::cuda::Address>(address),
                              bytes));
}

void Queue::synchronize() {
  std::lock_guard lock(state_->mutex);
  Current current(state_->device);
  check(current.status);
  state_->wait();
}

void Queue::empty_cache() {
  std::lock_guard lock(state_->mutex);
  Current current(state_->device);
  check(current.status);
  check(state_->device.call(api().streamSynchronize, state_->stream));
  state_->memory->releaseCache();
}

tensorc_cuda_memory Queue::memory() const {
  return state_->memory->statistics();
}

int Queue::multiprocessors() const {
  return state_->device.info.multiprocessors;
}

void Queue::launch(const Launch &launch) {
  std::lock_guard lock(state_->mutex);
  Current current(state_->device);
  check(current.status);
  rt::cuda::Function function = state_->load(launch);
  std::vector<std::uint64_t> arguments(launch.arguments.begin(),
                                       launch.arguments.end());
  if (launch.failure)
    arguments.push_back(state_->next_status(launch));
  std::vector<void *> places;
  for (std::uint64_t &argument : arguments)
    places.push_back(&argument);
  std::int32_t status = state_->device.callWithRoom(
      api().launchKernel, function, launch.blocks, 1u, 1u, launch.threads, 1u,
      1u, launch.shared_bytes, state_->stream, places.data(), nullptr);
  if (status && launch.failure)
    state_->pending.pop_back();
  check(status);
}

} // namespace tensorc::cuda
