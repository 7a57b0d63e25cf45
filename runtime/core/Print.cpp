//===- Print.cpp - Prints tensors as PyTorch does -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/core/Dense.h"
#include "runtime/core/Sizes.h"
#include "tensorc/executor.h"
#include "tensorc/tensor.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

namespace tensorc {

std::string to_string(const Shape &shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i)
    text += (i ? ", " : "") + shape[i].str();
  return text + "]";
}

std::string to_string(const TensorType &type) {
  return std::string(name(type.dtype)) + to_string(type.shape);
}

namespace {

// PyTorch's defaults (torch.set_printoptions).
constexpr int precision = 4, line_width = 80;
constexpr std::int64_t edge_items = 3, threshold = 1000;

std::string format(const char *how, double value) {
  char text[512];
  int length = std::snprintf(text, sizeof text, how, precision, value);
  return std::string(text, std::size_t(length));
}

/// How the elements of one tensor are written: `_Formatter` of PyTorch's
/// torch/_tensor_str.py.
class Formatter {
public:
  Formatter(DType dtype, const std::vector<const char *> &elements)
      : dtype_(dtype) {
    if (!is_floating_point(dtype)) {
      for (const char *element : elements)
        width_ = std::max(width_, plain(element).size());
      return;
    }
    double least = INFINITY, most = 0;
    for (const char *element : elements) {
      double value = read_double(element, dtype);
      if (value == 0 || !std::isfinite(value))
        continue;
      whole_ &= value == std::ceil(value);
      least = std::min(least, std::fabs(value));
      most = std::max(most, std::fabs(value));
    }
    if (most == 0)
      return;
    scientific_ =
        most / least > 1000 || most > 1e8 || (!whole_ && least < 1e-4);
    for (const char *element : elements) {
      double value = read_double(element, dtype);
      if (value != 0 && std::isfinite(value))
        width_ = std::max(width_, plain(element).size());
    }
  }

  std::size_t width() const { return width_; }

  std::string operator()(const char *element) const {
    std::string text = plain(element);
    return text.size() < width_ ? std::string(width_ - text.size(), ' ') + text
                                : text;
  }

private:
  std::string plain(const char *element) const {
    if (dtype_ == kBool)
      return *element ? "True" : "False";
    if (!is_floating_point(dtype_))
      return std::to_string(read_int(element, dtype_));
    double value = read_double(element, dtype_);
    if (std::isnan(value))
      return "nan";
    if (scientific_)
      return format("%.*e", value);
    if (!whole_)
      return format("%.*f", value);
    if (std::isinf(value))
      return value > 0 ? "inf" : "-inf";
    char text[512];
    std::snprintf(text, sizeof text, "%.0f.", value);
    return text;
  }

  DType dtype_;
  std::size_t width_ = 1;
  bool whole_ = true, scientific_ = false;
};

class Printer {
public:
  Printer(const Tensor &tensor, const char *data)
      : shape_(tensor.shape()), strides_(tensor.strides()), data_(data),
        bytes_(size_of(tensor.dtype())), summarize_(tensor.numel() > threshold),
        formatter_(tensor.dtype(), shown()) {}

  std::string print(int indent) const { return print(0, data_, indent); }

private:
  /// The indices of dimension `d` that are shown; -1 for those left out.
  std::vector<std::int64_t> indices(std::size_t d) const {
    std::vector<std::int64_t> result;
    for (std::int64_t i = 0; i < shape_[d]; ++i) {
      if (summarize_ && shape_[d] > 2 * edge_items && i == edge_items) {
        result.push_back(-1);
        i = shape_[d] - edge_items;
      }
      result.push_back(i);
    }
    return result;
  }

  const char *at(std::size_t d, const char *data, std::int64_t index) const {
    return data + index * strides_[d] * std::int64_t(bytes_);
  }

  std::vector<const char *> shown() const {
    std::vector<const char *> elements;
    collect(0, data_, elements);
    return elements;
  }
  void collect(std::size_t d, const char *data,
               std::vector<const char *> &elements) const {
    if (d == shape_.size()) {
      elements.push_back(data);
      return;
    }
    for (std::int64_t i : indices(d))
      if (i >= 0)
        collect(d + 1, at(d, data, i), elements);
  }

  std::string print(std::size_t d, const char *data, int indent) const {
    std::size_t left = shape_.size() - d;
    if (left == 0)
      return formatter_(data);
    std::string margin(std::size_t(indent) + 1, ' '), text = "[";
    if (left == 1) {
      auto per_line = std::max<std::size_t>(
          1, std::size_t(line_width - indent) / (formatter_.width() + 2));
      std::size_t count = 0;
      for (std::int64_t i : indices(d)) {
        if (count)
          text += count % per_line ? ", " : ",\n" + margin;
        text += i < 0 ? " ..." : formatter_(at(d, data, i));
        ++count;
      }
      return text + "]";
    }
    bool first = true;
    for (std::int64_t i : indices(d)) {
      if (!first)
        text += "," + std::string(left - 1, '\n') + margin;
      first = false;
      text += i < 0 ? "..." : print(d + 1, at(d, data, i), indent + 1);
    }
    return text + "]";
  }

  const Shape &shape_;
  const std::vector<std::int64_t> &strides_;
  const char *data_;
  std::size_t bytes_;
  bool summarize_;
  Formatter formatter_;
};

std::vector<std::string> suffixes(const Tensor &tensor) {
  std::vector<std::string> result;
  bool empty = tensor.numel() == 0;
  DType dtype = tensor.dtype();
  if (tensor.is_cuda())
    result.push_back("device='" + tensor.device().str() + "'");
  if (empty && tensor.dim() != 1) {
    std::string sizes = to_string(tensor.shape());
    result.push_back("size=(" + sizes.substr(1, sizes.size() - 2) + ")");
  }
  bool usual =
      dtype == kFloat32 || (!empty && (dtype == kInt64 || dtype == kBool));
  if (!usual)
    result.push_back("dtype=torch." + std::string(name(dtype)));
  if (std::string made_by = tensor.grad_fn_name(); !made_by.empty())
    result.push_back("grad_fn=<" + made_by + ">");
  else if (tensor.requires_grad())
    result.push_back("requires_grad=True");
  return result;
}

} // namespace

std::ostream &operator<<(std::ostream &out, const Tensor &tensor) {
  if (!tensor.defined())
    return out << "tensor(undefined)";
  if (tensor.impl()->is_traced())
    return out << "tensor(traced " << to_string(tensor.type()) << ")";
  if (has_symbols(tensor.shape()))
    return out << "tensor(example " << to_string(tensor.type()) << ")";
  const std::string prefix = "tensor(";
  int indent = int(prefix.size());
  std::string text = prefix;
  if (tensor.numel() == 0) {
    text += "[]";
  } else {
    (void)Executor::current().data(tensor, Location::current());
    Tensor host = moved_to(tensor, kCPU);
    text += Printer(host, address(*host.impl())).print(indent);
  }
  // npos + 1 is 0: a text of one line counts as PyTorch's does.
  std::size_t length = text.size() - (text.rfind('\n') + 1) + 2;
  for (const std::string &suffix : suffixes(tensor)) {
    if (length + suffix.size() + 2 > line_width) {
      text += ",\n" + std::string(std::size_t(indent), ' ') + suffix;
      length = std::size_t(indent) + suffix.size();
    } else {
      text += ", " + suffix;
      length += suffix.size() + 2;
    }
  }
  return out << text << ")";
}

} // namespace tensorc
