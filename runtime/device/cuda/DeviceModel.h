//===- DeviceModel.h - A model on a device --------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_DEVICE_CUDA_DEVICEMODEL_H
#define TENSORC_DEVICE_CUDA_DEVICEMODEL_H

#include "Code.h"
#include "Sizes.h"

namespace tensorc::rt::cuda {

/// A block for a function's inputs. There are two, used in turn: the inputs of
/// a step are copied into one while the step before still reads the other.
/// Addresses are fixed, so each has a graph of its own.
struct Slot {
  Address inputs;
  void *staging;  ///< page-locked, what `inputs` is copied from
  Event uploaded; ///< `staging` has been copied to `inputs`
  Event consumed; ///< the step that reads `inputs` is done
};

/// What a function has for calls of the same sizes.
struct Sizing {
  int64_t *symbols;    ///< what these calls say
  int64_t *sizes;      ///< what is computed of it
  uint64_t *bytes;     ///< of each input, then of each output
  GraphExec graphs[2]; ///< for each slot; null until captured
  uint64_t lastRun;    ///< its number among the function's; 0: none
};

/// What a function has on the device, allocated when it first runs, for the
/// greatest sizes.
struct FunctionState {
  Slot slots[2];
  Address outputs;
  void *readback; ///< page-locked, what `outputs` is copied to
  uint64_t inputBytes;
  uint64_t outputBytes;
  uint32_t next; ///< the slot of the next run
  bool loaded;   ///< all of its kernels are
  const tensorc_cuda_sizes *sizes;
  Sizing *sizings; ///< one, or some of the combinations that calls have said
  uint32_t sizingCount;
  Sizing *last;  ///< of the last run; null before the first
  uint64_t runs; ///< that were begun
};

/// A model on a device. One thread at a time; the device's context must be
/// current in all that follows, the destructor included.
///
/// Two streams: uploads of inputs run on one, all else on the other, so that
/// steps, state and outputs are in the order of the calls.
class DeviceModel {
public:
  DeviceModel(SharedDevice &device, const tensorc_cuda_program &program,
              const tensorc_cuda_code &code);
  DeviceModel(const DeviceModel &) = delete;
  DeviceModel &operator=(const DeviceModel &) = delete;
  ~DeviceModel();

  /// Allocates what is not a single function's.
  int32_t open();

  /// What there is for calls that say `symbols`, which are in their ranges.
  int32_t findSizing(uint32_t function, const int64_t *symbols,
                     Sizing *&sizing);
  int32_t run(uint32_t function, Sizing &sizing, const void *const *inputs,
              void *const *outputs);
  int32_t readOutput(uint32_t function, uint32_t output, void *destination);
  int32_t readState(uint64_t offset, uint64_t bytes, void *destination);
  int32_t writeState(uint64_t offset, uint64_t bytes, const void *source);
  int32_t synchronize();

  SharedDevice &device;
  const tensorc_cuda_program &program;
  const tensorc_cuda_code &code;

private:
  /// One run of a function.
  struct Step {
    uint32_t index;
    const tensorc_cuda_function &description;
    FunctionState &function;
    Sizing &sizing;
    Slot &slot;
    GraphExec &graph;
  };

  int32_t openFunction(uint64_t index);
  int32_t prepare(uint32_t index);
  int32_t growWorkspace(uint64_t bytes);
  int32_t prepareSlot(const FunctionState &function, Slot &slot);
  int32_t prepareReadback(FunctionState &function);
  int32_t enqueue(const Step &step, const void *const *inputs);
  int32_t upload(const Step &step, const void *const *inputs);
  int32_t launchAll(const Step &step, bool capturing);
  int32_t launch(const tensorc_cuda_launch &launch, const Step &step,
                 bool capturing);
  uint64_t resolve(const tensorc_cuda_argument &argument,
                   const Step &step) const;
  int32_t capture(const Step &step);
  int32_t copyOutputs(uint32_t index, void *const *outputs);
  int32_t finish();
  int32_t reportIndexErrors();
  int32_t begin();
  int32_t settled(int32_t status);
  int32_t copyToDevice(Address address, const void *source, uint64_t bytes);
  int32_t ensureBounce();
  int32_t ensureHost(uint64_t bytes, void *&memory);
  int32_t ensureDevice(uint64_t bytes, Address &address);
  void dropGraphs(Sizing &sizing);
  void dropGraphs();
  template <typename Handle>
  [[gnu::always_inline]] void destroy(const Entry<Handle> &entry,
                                      Handle handle) {
    if (handle)
      device.note(entry(handle), entry.name);
  }

  Kernels kernels;
  Stream compute = nullptr;
  Stream copy = nullptr;
  Address state = 0;
  Address constants = 0;
  Address workspace = 0;
  uint64_t workspaceBytes = 0;
  Address statuses = 0;        ///< an i32 for each function
  void *statusWords = nullptr; ///< page-locked, what they are copied to
  void *bounce = nullptr;      ///< page-locked, for copies of other memory
  FunctionState *functions = nullptr;
  bool useGraphs = true;
  bool unsettled = false; ///< after a failure, work may still be under way
  bool canFail = false;   ///< some launch has a status argument
};

} // namespace tensorc::rt::cuda

#endif // TENSORC_DEVICE_CUDA_DEVICEMODEL_H
