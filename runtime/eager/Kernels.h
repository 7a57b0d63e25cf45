//===- Kernels.h - The kernels that eager mode runs on ----------*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENSORC_RUNTIME_EAGER_KERNELS_H
#define TENSORC_RUNTIME_EAGER_KERNELS_H

#include "tensorc/abi_cuda.h"
#include "tensorc/tensor.h"

#include <atomic>
#include <initializer_list>
#include <span>
#include <string>

/// What `libtensorc_kernels` says of a kernel's argument: a buffer of `rank`
/// dimensions. Bit d of `sizes` and `strides`: whether the size and the stride
/// of dimension d are passed; those of all dimensions that aren't are what the
/// kernel was compiled for. A stride that isn't passed is the dense one (1 for
/// the last dimension).
struct tensorc_eager_argument {
  int32_t rank;
  uint32_t sizes;
  uint32_t strides;
};

/// A kernel: its sizes are, for each argument in order, the sizes and then the
/// strides that are passed.
struct tensorc_eager_kernel {
  const char *name; ///< `add.f32`
  tensorc_kernel_fn function;
  const tensorc_eager_argument *arguments;
  int64_t argument_count;
  const char *failure; ///< what is wrong where it fails; null where it can't
};

/// What `libtensorc_kernels` defines as `tensorc_eager_kernels`.
struct tensorc_eager_table {
  const tensorc_eager_kernel *kernels;
  int64_t count;
};

/// A kernel for GPUs, with the same arguments: addresses of the buffers, the
/// sizes, and the address of a status where it can fail.
struct tensorc_eager_cuda_kernel {
  const char *name;
  const tensorc_eager_argument *arguments;
  int64_t argument_count;
  const char *missing;   ///< why there is no code for it; null where there is
  const char *failure;   ///< what is wrong where it fails; null where it can't
  uint32_t kernel;       ///< index into the code's kernels
  uint32_t threads;      ///< of a block; any number of blocks is right
  uint32_t shared_bytes; ///< that a launch has to ask for
};

/// What `libtensorc_kernels_cuda` defines as `tensorc_eager_cuda_kernels`. The
/// code has a module for each kernel, which is loaded when first run.
struct tensorc_eager_cuda_table {
  const tensorc_cuda_code *code;
  const tensorc_eager_cuda_kernel *kernels;
  int64_t count;
};

namespace tensorc::eager {

// The kernels by name, T being the element type as MLIR writes it (f32, i64,
// ui8, i1, …), the operands' where the result's differs:
//
//   <op>.T                        elementwise: [n]… -> [n], dense
//   where.T                       i1 [n], [n], [n] -> [n]
//   to.T.U                        [n] -> [n] of type U
//   gelu_none.T, gelu_tanh.T      [n] -> [n]
//   sum|prod|amax|amin|any|all.T  [rows, n] -> [rows], dense
//   argmax.T                      [rows, n] -> i64 [rows]
//   first_max.T                   [rows, n] -> i32 [rows]
//   sum_columns|….T               [n, columns] -> [columns], dense
//   matmul_nn|nt|tn.T             [b, m, k] x [b, k, n] -> [b, m, n]
//   contract_places.T             [m, k…] x [n…, k…] -> [m, n…]: a product over
//                                 three dimensions k of which the last is long,
//                                 and results in three n
//   contract_images.T             the same where the last n is long, into
//                                 [n, m, n, n]
//   sum|amax_windows.T            elements -> values
//   first_max_backward.T          values, elements -> elements
//
// and for GPUs alone:
//
//   copy.T                        strided [a, b, c, d] -> strided
//   check_index.T                 indices [n], size [1], ignored [1] -> indices
//
// Values are of windows in four dimensions; their elements have three more for
// the place in the window, and are a view of images. A name with `_unit` before
// the dot is the same for last dimensions of stride 1.
//
// An elementwise op or a reduction has a kernel for each element type that it
// takes, but the code of it is that of `DTypeInfo::kernel`: whoever runs it
// converts elements before and after.

/// A kernel's name with a type in it, which whoever runs it keeps: looked up
/// once for each type and device, and from then on without a lock.
class KernelSet {
public:
  /// `<name>.T<suffix>`; neither changes nor dies.
  explicit KernelSet(std::string name, std::string suffix = "");
  KernelSet(const KernelSet &) = delete;
  KernelSet &operator=(const KernelSet &) = delete;

  std::string name(DType dtype) const;
  /// The one for CPUs; null where there is none.
  const tensorc_eager_kernel *find(DType dtype) const {
    const tensorc_eager_kernel *kernel =
        known_[std::size_t(dtype)].load(std::memory_order_acquire);
    return kernel ? (kernel->function ? kernel : nullptr) : look_up(dtype);
  }
  /// The same; an `Error` where there is none.
  const tensorc_eager_kernel &get(DType dtype, Location location) const;
  bool has(DType dtype, Device device) const;

private:
  const tensorc_eager_kernel *look_up(DType dtype) const;

  std::string prefix_, suffix_;
  mutable std::atomic<const tensorc_eager_kernel *> known_[kDTypeCount] = {};
};

/// A tensor that is passed to a kernel, for the call; under other dimensions
/// than its own, if need be, which begin at its first element.
struct Buffer {
  Buffer(const Tensor &tensor)
      : tensor(tensor), shape(tensor.shape().numbers(), tensor.shape().size()),
        strides(tensor.strides()) {}
  Buffer(const Tensor &tensor, std::span<const std::int64_t> shape,
         std::span<const std::int64_t> strides)
      : tensor(tensor), shape(shape), strides(strides) {}
  std::int64_t count() const {
    std::int64_t count = 1;
    for (std::int64_t size : shape)
      count *= size;
    return count;
  }
  const Tensor &tensor;
  std::span<const std::int64_t> shape, strides;
};
using Buffers = std::initializer_list<Buffer>;

/// Runs a kernel on buffers, the last of which it
/// writes, on the device that they are all on. On a GPU this returns when the
/// work is queued. Throws `Error` when there is no such kernel, or when it
/// reports a failure; on a GPU that comes with a later wait.
///
/// The kernels are in `libtensorc_kernels` and `libtensorc_kernels_cuda`, which
/// are loaded at the first need: from beside libtensorc, or from the files that
/// TENSORC_KERNELS and TENSORC_CUDA_KERNELS name in the environment.
///
/// `failure` is what the error says then, if the kernel's own words don't do;
/// `products` says how many a contraction makes, for the number of its tasks.
void run_kernel(const KernelSet &set, DType dtype, Buffers buffers,
                Location location, const std::string &failure = {},
                int64_t products = 0);

/// Runs tasks of `function`, this thread alone if there is one. `failure` is
/// what an error says where a check fails.
void run_tasks(tensorc_kernel_fn function, void *const *buffers,
               const int64_t *sizes, int64_t tasks, Location location,
               const char *failure = nullptr);
/// Into how many tasks work on so many elements, with so many products, is
/// split: by the sizes alone, so that results don't depend on the threads.
int64_t task_count(int64_t elements, int64_t products = 0);

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_KERNELS_H
