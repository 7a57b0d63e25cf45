//===- Sizes.cpp - Sizes that are symbols --------------------- -*- C++ -*-===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/scalar/Sizes.h"
#include "dialects/scalar/ScalarDialect.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tensorc;
using namespace tensorc::scalar;

#define GET_ATTRDEF_CLASSES
#include "dialects/scalar/ScalarAttributes.cpp.inc"

void ScalarDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/scalar/ScalarAttributes.cpp.inc"
      >();
}

//===----------------------------------------------------------------------===//
// Symbols
//===----------------------------------------------------------------------===//

LogicalResult SymbolAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 StringRef name, int64_t min, int64_t max,
                                 int64_t hint, int64_t divisor) {
  // (C1)
  if (min < 0 || min >= max || hint < min || hint > max || divisor < 1 ||
      min % divisor || max % divisor || hint % divisor)
    return emitError() << "`" << name
                       << "` has a range that no size has, expected 0 <= min < "
                          "max, a hint in between, and a divisor of all";
  return success();
}

mlir::Attribute SymbolAttr::parse(AsmParser &parser, Type) {
  StringRef name;
  int64_t min, max, hint, divisor = 1;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&name) || parser.parseColon() ||
      parser.parseInteger(min) || parser.parseKeyword("to") ||
      parser.parseInteger(max) || parser.parseComma() ||
      parser.parseKeyword("hint") || parser.parseInteger(hint))
    return {};
  if (succeeded(parser.parseOptionalComma()) &&
      (parser.parseKeyword("divisor") || parser.parseInteger(divisor)))
    return {};
  if (parser.parseGreater())
    return {};
  auto symbol = SymbolAttr::getChecked([&] { return parser.emitError(loc); },
                                       parser.getContext(), name, min, max,
                                       hint, divisor);
  if (!symbol)
    return {};
  // One name is one symbol in all that a context holds.
  auto *dialect = parser.getContext()->getOrLoadDialect<ScalarDialect>();
  SymbolAttr known = dialect->declare(symbol);
  if (known != symbol) {
    parser.emitError(loc) << "`" << name << "` is declared as " << symbol
                          << ", expected " << known << " as before";
    return {};
  }
  return symbol;
}

void SymbolAttr::print(AsmPrinter &printer) const {
  printer << '<' << getName() << " : " << getMin() << " to " << getMax()
          << ", hint " << getHint();
  if (getDivisor() != 1)
    printer << ", divisor " << getDivisor();
  printer << '>';
}

SymbolAttr ScalarDialect::declare(SymbolAttr symbol) {
  std::lock_guard lock(symbolMutex);
  return symbols.try_emplace(symbol.getName(), symbol).first->second;
}

SymbolAttr ScalarDialect::findSymbol(StringRef name) const {
  std::lock_guard lock(symbolMutex);
  return symbols.lookup(name);
}

SymbolAttr scalar::symbolAttr(MLIRContext *context, const Symbol &symbol) {
  return SymbolAttr::get(context, symbol.name, symbol.min, symbol.max,
                         symbol.hint, symbol.divisor);
}

Symbol scalar::toSymbol(SymbolAttr symbol) {
  return {symbol.getName().str(), symbol.getMin(), symbol.getMax(),
          symbol.getHint(), symbol.getDivisor()};
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

static bool isSymbolic(SymInt size) { return size.is_symbolic(); }

SizesAttr SizesAttr::get(MLIRContext *context, const Shape &sizes) {
  return get(context, ArrayRef(sizes.numbers(), sizes.size()));
}

Shape SizesAttr::getSizes() const {
  Shape sizes;
  for (int64_t size : getRaw())
    sizes.push_back(size);
  return sizes;
}

mlir::Attribute SizesAttr::parse(AsmParser &parser, Type) {
  auto *dialect = parser.getContext()->getOrLoadDialect<ScalarDialect>();
  Shape sizes;
  auto parseSize = [&]() -> ParseResult {
    SMLoc loc = parser.getCurrentLocation();
    int64_t number;
    OptionalParseResult isNumber = parser.parseOptionalInteger(number);
    if (isNumber.has_value()) {
      sizes.push_back(number);
      return *isNumber;
    }
    std::string text;
    StringRef word;
    if (succeeded(parser.parseOptionalKeyword(&word)))
      text = word.str();
    else if (parser.parseString(&text))
      return failure();
    std::string missing;
    std::optional<SymInt> size =
        parse_size(text, [&](std::string_view name) -> std::optional<SymInt> {
          if (SymbolAttr symbol = dialect->findSymbol(name))
            return size_of(toSymbol(symbol));
          missing = name;
          return std::nullopt;
        });
    if (!missing.empty())
      return parser.emitError(loc)
             << "`" << missing
             << "` is no symbol, expected one that the module lists in "
                "`scalar.symbols`";
    if (!size)
      return parser.emitError(loc) << "`" << text << "` is no size";
    sizes.push_back(*size);
    return success();
  };
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::LessGreater,
                                     parseSize))
    return {};
  if (llvm::none_of(sizes, isSymbolic)) {
    parser.emitError(loc)
        << "sizes are numbers all, expected one at least that "
           "isn't";
    return {};
  }
  return get(parser.getContext(), sizes);
}

void SizesAttr::print(AsmPrinter &printer) const {
  printer << '<';
  llvm::interleaveComma(getSizes(), printer, [&](SymInt size) {
    std::string text = size.str();
    bool plain =
        llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
    if (plain || !size.is_symbolic())
      printer << text;
    else
      printer.printString(text);
  });
  printer << '>';
}

AffineMap SizesAttr::getAffineMap() const {
  return AffineMap::getMultiDimIdentityMap(getRaw().size(), getContext());
}

LogicalResult
SizesAttr::verifyLayout(ArrayRef<int64_t> shape,
                        function_ref<InFlightDiagnostic()> emitError) const {
  // (C1)
  bool good = shape.size() == getRaw().size();
  for (size_t i = 0; good && i < shape.size(); ++i)
    good = scalar::isNumber(getRaw()[i]) ? getRaw()[i] == shape[i]
                                         : ShapedType::isDynamic(shape[i]);
  if (!good)
    return emitError() << "the sizes " << *this << " aren't those of a type of "
                       << shape.size()
                       << " dimensions, `?` where they are no numbers";
  return success();
}

LogicalResult
SizesAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                          function_ref<InFlightDiagnostic()> emitError) const {
  return verifyLayout(shape, emitError);
}

mlir::Attribute scalar::sizesAttr(MLIRContext *context, const Shape &sizes) {
  if (llvm::any_of(sizes, isSymbolic))
    return SizesAttr::get(context, sizes);
  return DenseI64ArrayAttr::get(context,
                                ArrayRef(sizes.numbers(), sizes.size()));
}

Shape scalar::toSizes(mlir::Attribute attribute) {
  if (auto sizes = dyn_cast<SizesAttr>(attribute))
    return sizes.getSizes();
  auto array = cast<DenseI64ArrayAttr>(attribute).asArrayRef();
  return Shape(array.begin(), array.end());
}

ArrayRef<int64_t> scalar::rawSizesOf(ShapedType type) {
  // Both sides write an unknown size as the same number.
  static_assert(kDynamic.raw() == ShapedType::kDynamic);
  mlir::Attribute said;
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    said = tensor.getEncoding();
  else if (auto buffer = dyn_cast<MemRefType>(type))
    said = buffer.getLayout();
  auto sizes = dyn_cast_or_null<SizesAttr>(said);
  return sizes ? sizes.getRaw() : type.getShape();
}

Shape scalar::sizesOf(ShapedType type) {
  ArrayRef<int64_t> raw = rawSizesOf(type);
  return Shape(raw.begin(), raw.end());
}

SmallVector<int64_t> scalar::toMlirShape(const Shape &sizes) {
  return llvm::map_to_vector(sizes, [](SymInt size) {
    return size.is_symbolic() ? ShapedType::kDynamic : size.raw();
  });
}

/// The attribute that says what `?` of a type are; null where nothing does.
static SizesAttr said(ArrayRef<int64_t> raw, MLIRContext *context) {
  return llvm::any_of(raw,
                      [](int64_t size) {
                        return !isNumber(size) && size != kDynamic.raw();
                      })
             ? SizesAttr::get(context, raw)
             : SizesAttr();
}

RankedTensorType scalar::tensorOf(const Shape &sizes, Type element) {
  return RankedTensorType::get(
      toMlirShape(sizes), element,
      said({sizes.numbers(), sizes.size()}, element.getContext()));
}

MemRefType scalar::bufferOf(ArrayRef<int64_t> raw, Type element) {
  auto shape = toMlirShape(Shape(raw.begin(), raw.end()));
  if (SizesAttr layout = said(raw, element.getContext()))
    return MemRefType::get(shape, element, layout);
  return MemRefType::get(shape, element);
}
