//===- Specialize.cpp - Numbers for symbols -------------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/support/Specialize.h"

#include "dialects/kernel/KernelDialect.h"
#include "dialects/scalar/Sizes.h"

#include "mlir/IR/AttrTypeSubElements.h"

#include <algorithm>

using namespace mlir;

namespace tensorc::compiler {

/// Lists a module's symbols.
static constexpr StringLiteral kModuleSymbols = "scalar.symbols";

std::vector<Symbol> symbolsOf(func::FuncOp function) {
  std::vector<SymInt> sizes;
  auto add = [&](ArrayRef<int64_t> raw) {
    for (int64_t size : raw)
      if (!scalar::isNumber(size) && !ShapedType::isDynamic(size))
        sizes.push_back(size);
  };
  auto addType = [&](Type type) {
    if (auto tensor = dyn_cast<RankedTensorType>(type))
      add(scalar::rawSizesOf(tensor));
  };
  llvm::for_each(function.getArgumentTypes(), addType);
  std::vector<Symbol> symbols = symbols_of(sizes);
  size_t ofInputs = symbols.size();
  function.walk([&](Operation *op) {
    for (NamedAttribute attribute : op->getAttrs())
      if (auto said = dyn_cast<scalar::SizesAttr>(attribute.getValue()))
        add(said.getRaw());
    llvm::for_each(op->getResultTypes(), addType);
  });
  for (const Symbol &symbol : symbols_of(sizes))
    if (!llvm::is_contained(symbols, symbol))
      symbols.push_back(symbol);
  // The order of ops is the C++ compiler's affair, that of arguments isn't.
  std::sort(symbols.begin() + ofInputs, symbols.end(),
            [](const Symbol &a, const Symbol &b) { return a.name < b.name; });
  return symbols;
}

std::string rangeText(const Symbol &symbol) {
  std::string range =
      std::to_string(symbol.min) + " to " + std::to_string(symbol.max);
  return symbol.divisor == 1
             ? range
             : "a multiple of " + std::to_string(symbol.divisor) + ", " + range;
}

std::optional<SymbolValues> parseSymbolValues(StringRef text) {
  SymbolValues values;
  while (!text.empty()) {
    auto [entry, rest] = text.split(',');
    auto [name, number] = entry.split('=');
    int64_t value = 0;
    if (name.trim().empty() || number.trim().getAsInteger(10, value) ||
        !values.try_emplace(name.trim().str(), value).second)
      return std::nullopt;
    text = rest;
  }
  return values;
}

static SymInt specialized(const SymAtom &atom, const SymbolValues &values) {
  if (atom.kind == SymAtom::Kind::Symbol) {
    auto found = values.find(atom.symbol.name);
    SymInt whole =
        found == values.end() ? size_of(atom.symbol) : SymInt(found->second);
    return whole / atom.symbol.divisor;
  }
  SymInt first = specialized(atom.first, values);
  SymInt second = specialized(atom.second, values);
  return atom.kind == SymAtom::Kind::Min ? min(first, second) : first / second;
}

SymInt specialized(SymInt size, const SymbolValues &values) {
  if (!size.is_symbolic() || size.is(kDynamic))
    return size;
  SymInt result = 0;
  for (const SymTerm &term : terms_of(size)) {
    SymInt product = term.factor;
    for (std::uint32_t atom : term.atoms)
      product *= specialized(sym_atom(atom), values);
    result += product;
  }
  return result;
}

static Shape specialized(Shape sizes, const SymbolValues &values) {
  for (SymInt &size : sizes)
    size = specialized(size, values);
  return sizes;
}

/// The symbols of a list that have no value; null where it is empty then.
static ArrayAttr withoutValued(ArrayAttr symbols, const SymbolValues &values) {
  auto kept = llvm::filter_to_vector(symbols, [&](Attribute attribute) {
    auto symbol = dyn_cast<scalar::SymbolAttr>(attribute);
    return !symbol || !values.contains(symbol.getName());
  });
  return kept.empty() ? ArrayAttr()
                      : ArrayAttr::get(symbols.getContext(), kept);
}

static void dropValued(Operation *op, StringRef list,
                       const SymbolValues &values) {
  auto symbols = op->getAttrOfType<ArrayAttr>(list);
  if (!symbols)
    return;
  if (ArrayAttr kept = withoutValued(symbols, values))
    op->setAttr(list, kept);
  else
    op->removeAttr(list);
}

/// The values are of symbols of the module, and ones that these can have.
static LogicalResult checkValues(ModuleOp module, const SymbolValues &values) {
  SmallVector<scalar::SymbolAttr> symbols;
  if (auto list = module->getAttrOfType<ArrayAttr>(kModuleSymbols))
    for (auto symbol : list.getAsRange<scalar::SymbolAttr>())
      symbols.push_back(symbol);
  Location unknown = UnknownLoc::get(module.getContext());
  for (const auto &[name, value] : values) {
    auto symbol = llvm::find_if(symbols, [&](scalar::SymbolAttr known) {
      return known.getName() == name;
    });
    if (symbol == symbols.end()) {
      InFlightDiagnostic error = emitError(unknown);
      error << "no size of the model is called `" << name << "`";
      if (symbols.empty())
        return error << ": all are numbers";
      error << ", expected one of ";
      llvm::interleaveComma(symbols, error, [&](scalar::SymbolAttr known) {
        error << "`" << known.getName() << "`";
      });
      return error;
    }
    if (value < symbol->getMin() || value > symbol->getMax() ||
        value % symbol->getDivisor() != 0)
      return emitError(unknown)
             << "`" << name << "` is " << value << ", expected "
             << rangeText(scalar::toSymbol(*symbol));
  }
  return success();
}

/// Kernels still have `?` for what is a number now, and are told it.
static void keepTold(kernel::LaunchOp launch, const SymbolValues &values) {
  if (launch->hasAttr("kernel.sizes"))
    return;
  Shape told;
  for (Type type : launch->getOperandTypes())
    for (SymInt size : scalar::sizesOf(cast<ShapedType>(type)))
      if (size.is_symbolic())
        told.push_back(size);
  if (specialized(told, values).is(told))
    return;
  if (auto own = launch.getSizes())
    told.insert(told.end(), own->begin(), own->end());
  launch->setAttr("kernel.sizes",
                  scalar::sizesAttr(launch->getContext(), told));
}

std::vector<int64_t> toldSizes(kernel::LaunchOp launch) {
  std::vector<int64_t> sizes;
  auto add = [&](ArrayRef<int64_t> raw) {
    sizes.insert(sizes.end(), raw.begin(), raw.end());
  };
  if (Attribute said = launch->getAttr("kernel.sizes")) {
    Shape told = scalar::toSizes(said);
    add({told.numbers(), told.size()});
    return sizes;
  }
  for (Type type : launch->getOperandTypes())
    for (int64_t size : scalar::rawSizesOf(cast<MemRefType>(type)))
      if (!scalar::isNumber(size))
        sizes.push_back(size);
  if (auto own = launch.getSizes())
    add({own->numbers(), own->size()});
  return sizes;
}

LogicalResult specialize(ModuleOp module, const SymbolValues &values) {
  if (failed(checkValues(module, values)))
    return failure();
  module.walk([&](kernel::LaunchOp launch) { keepTold(launch, values); });
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](scalar::SizesAttr said) -> Attribute {
    return scalar::sizesAttr(module.getContext(),
                             specialized(said.getSizes(), values));
  });
  // Types don't have arrays where all sizes are numbers.
  replacer.addReplacement(
      [&](RankedTensorType type) -> std::optional<std::pair<Type, WalkResult>> {
        if (!isa_and_nonnull<scalar::SizesAttr>(type.getEncoding()))
          return std::nullopt;
        Shape sizes = specialized(scalar::sizesOf(type), values);
        return std::pair(scalar::tensorOf(sizes, type.getElementType()),
                         WalkResult::skip());
      });
  replacer.addReplacement(
      [&](MemRefType type) -> std::optional<std::pair<Type, WalkResult>> {
        if (!isa<scalar::SizesAttr>(type.getLayout()))
          return std::nullopt;
        Shape sizes = specialized(scalar::sizesOf(type), values);
        return std::pair(scalar::bufferOf({sizes.numbers(), sizes.size()},
                                          type.getElementType()),
                         WalkResult::skip());
      });
  replacer.recursivelyReplaceElementsIn(module, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
  dropValued(module, kModuleSymbols, values);
  for (auto program : module.getOps<kernel::ProgramOp>())
    dropValued(program, kernel::symbolsName, values);
  return success();
}

static bool hasAll(func::FuncOp function, const SymbolValues &values) {
  std::vector<Symbol> symbols = symbolsOf(function);
  return llvm::all_of(values, [&](const auto &entry) {
    return llvm::any_of(symbols, [&](const Symbol &symbol) {
      return symbol.name == entry.first;
    });
  });
}

LogicalResult addSpecialized(ModuleOp module, ArrayRef<SymbolValues> wanted) {
  SmallVector<OwningOpRef<ModuleOp>> copies;
  for (const SymbolValues &values : wanted) {
    OwningOpRef<ModuleOp> &copy = copies.emplace_back(module.clone());
    for (auto function :
         llvm::make_early_inc_range(copy->getOps<func::FuncOp>()))
      if (!hasAll(function, values))
        function.erase();
    if (failed(specialize(*copy, values)))
      return failure();
    if (copy->getOps<func::FuncOp>().empty())
      return emitError(UnknownLoc::get(module.getContext()))
             << "no function has all of the sizes that code of its own is "
                "wanted for";
  }
  Builder b(module.getContext());
  for (auto [copy, values] : llvm::zip_equal(copies, wanted))
    for (auto function :
         llvm::make_early_inc_range(copy->getOps<func::FuncOp>())) {
      std::string suffix;
      SmallVector<NamedAttribute> sizes;
      for (const auto &[name, value] : values) {
        suffix += "." + name + std::to_string(value);
        sizes.push_back(b.getNamedAttr(name, b.getI64IntegerAttr(value)));
      }
      function->setAttr(specializesName, function.getSymNameAttr());
      function->setAttr(specializedSizesName, b.getDictionaryAttr(sizes));
      function.setSymName((function.getSymName() + suffix).str());
      function->moveBefore(module.getBody(), module.getBody()->end());
    }
  return success();
}

} // namespace tensorc::compiler
