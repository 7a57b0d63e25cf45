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

#include <initializer_list>
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
  uint32_t kernel;       ///< index into the code's kernels
  uint32_t threads;      ///< of a block; any number of blocks is right
  uint32_t can_fail;     ///< 0 or 1
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
//   matmul_nn|nt|tn.T             [b, m, k] x [b, k, n] -> [b, m, n]
//   conv2d.T                      weight [o, c, kh, kw], windows -> [n, o, oh,
//   ow] conv2d_backward_weight.T      gradient [n, o, oh, ow], windows ->
//   weight window_max|sum.T              windows -> [n, c, oh, ow]
//   window_argmax.T               windows -> i32 [n, c, oh, ow]: the place
//                                 kh * 65536 + kw of the first maximum
//   window_scatter.T              gradient, place -> added to windows, which
//                                 don't overlap
//   window_spread.T               gradient -> the same
//
// and for GPUs alone:
//
//   copy.T                        strided [a, b, c, d] -> strided
//   check_index.T                 indices [n], size [1], ignored [1] -> indices
//
// Windows are a view [n, c, oh, ow, kh, kw] of images. A name with `_unit`
// before the dot is the same for last dimensions of stride 1.

/// Whether there is a kernel `name` for a device.
bool has_kernel(const std::string &name, Device device);

/// Makes a further table known; its kernels come first. For tests.
void register_kernels(const tensorc_eager_table &table);

/// Runs the kernel `name` on the buffers of `arguments`, the last of which it
/// writes, on the device that they are all on. On a GPU this returns when the
/// work is queued. Throws `Error` when there is no such kernel, or when it
/// reports a failure; on a GPU that comes with a later wait.
///
/// The kernels are in `libtensorc_kernels` and `libtensorc_kernels_cuda`, which
/// are loaded at the first need: from beside libtensorc, or from the files that
/// TENSORC_KERNELS and TENSORC_CUDA_KERNELS name in the environment.
///
/// `failure` is what the error says then, for kernels that can fail.
void run_kernel(const std::string &name,
                std::initializer_list<Tensor> arguments, Location location,
                const std::string &failure = {});

/// `f32`, `i1`, …
const char *type_name(DType dtype);

} // namespace tensorc::eager

#endif // TENSORC_RUNTIME_EAGER_KERNELS_H
