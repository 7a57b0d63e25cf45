//===- SymIntTest.cpp - Sizes that may be symbols -------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tensorc/dynamic.h"
#include "tensorc/error.h"
#include "tensorc/sym_expr.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <sstream>

using namespace tensorc;

namespace {

const SymInt B = dynamic("B", 1, 256, {.hint = 64});
const SymInt S = dynamic("S", 1, 512);
const SymInt H = dynamic("H", 16, 512, {.hint = 64, .divisor = 16});

std::optional<SymInt> named(std::string_view name) {
  if (name == "B")
    return B;
  if (name == "S")
    return S;
  if (name == "H")
    return H;
  return std::nullopt;
}

std::string message(auto action) {
  try {
    action();
  } catch (const Error &error) {
    return error.what();
  }
  return "no error";
}

TEST(SymInt, IsANumberOrAnExpression) {
  SymInt four = 4;
  EXPECT_FALSE(four.is_symbolic());
  EXPECT_EQ(four, 4);
  EXPECT_EQ(std::int64_t(four) + 1, 5);
  EXPECT_TRUE(B.is_symbolic());
  EXPECT_EQ(sizeof(SymInt), 8U);
  std::ostringstream text;
  text << four << " " << B * 2 + 1;
  EXPECT_EQ(text.str(), "4 2*B + 1");
}

TEST(SymInt, EqualPolynomialsAreTheSame) {
  EXPECT_TRUE((B + B).is(2 * B));
  EXPECT_TRUE((B * S).is(S * B));
  EXPECT_TRUE(((B + 1) * (B - 1)).is(B * B - 1));
  EXPECT_TRUE((B - B).is(0));
  EXPECT_TRUE((B * S * 4 / S).is(4 * B));
  EXPECT_TRUE(((B * S + S) / (B + 1)).is(S));
  EXPECT_FALSE(B.is(S));
  EXPECT_TRUE(dynamic("B", 1, 256, {.hint = 64}).is(B));
}

TEST(SymInt, QuotientsAreSimplified) {
  EXPECT_EQ(((B + 3) / 2).str(), "(B + 1) / 2 + 1");
  EXPECT_EQ(((4 * B + 2) / 4).str(), "B");
  EXPECT_EQ((6 * B / 4).str(), "3*B / 2");
  EXPECT_EQ((B / 256 / 2).str(), "0");
  EXPECT_EQ((B / 2 / 3).str(), "B / 6");
  EXPECT_EQ(((B / 2 + 1) / 3).str(), "(B + 2) / 6");
  EXPECT_EQ((B % 2).str(), "B - 2*(B / 2)");
  EXPECT_EQ((4 * B % 2).str(), "0");
  EXPECT_EQ((B / S).str(), "B / S");
  EXPECT_EQ((B / (2 * S)).str(), "B / (2*S)");
}

TEST(SymInt, DivisorsMakeQuotientsWhole) {
  EXPECT_EQ(H.str(), "H");
  EXPECT_EQ((H / 16).str(), "H / 16");
  EXPECT_TRUE((H / 16 * 16).is(H));
  EXPECT_EQ((H / 2).str(), "8*(H / 16)");
  EXPECT_TRUE((H / 2 * 2).is(H));
  EXPECT_TRUE((H % 8).is(0));
  EXPECT_EQ((H * H).str(), "H*H");
  EXPECT_FALSE(divided_exactly(H, 32));
  EXPECT_FALSE(divided_exactly(B, 2));
  EXPECT_TRUE(divided_exactly(H * B, 4 * B)->is(H / 4));
}

TEST(SymInt, ComparisonsAreDecidedByRanges) {
  EXPECT_TRUE(B < 257);
  EXPECT_TRUE(B >= 1);
  EXPECT_FALSE(B == 0);
  EXPECT_TRUE(B != 300);
  EXPECT_TRUE(B + 1 > B);
  EXPECT_TRUE((B - 1) * S >= 0);
  EXPECT_TRUE(B * S >= S);
  EXPECT_FALSE(H == 8);
  EXPECT_TRUE(min(B, 300).is(B));
  EXPECT_TRUE(max(B, 300).is(300));
  EXPECT_EQ(min(100, S).str(), "min(S, 100)");
  EXPECT_TRUE(min(100, S).is(min(S, 100)));
  EXPECT_EQ(max(S, 100).str(), "S - min(S, 100) + 100");
  EXPECT_TRUE(min(S, 100) <= 100);
}

// What is rounded down, or cut off, is no more than what it is made of.
TEST(SymInt, QuotientsAndMinimaAreComparedWithTheirOperands) {
  EXPECT_TRUE(known_at_most(2 * (B / 2), B));
  EXPECT_TRUE(known_less(B, 2 * (B / 2) + 2));
  EXPECT_FALSE(known_at_most(B, 2 * (B / 2)));
  EXPECT_TRUE(max(2 * (B / 2), B).is(B));
  EXPECT_TRUE(known_at_most(3 * ((B + 1) / 6), (B + 1) / 2));
  EXPECT_TRUE(known_at_most(min(B, S), S));
  EXPECT_TRUE(known_at_most(0, B - min(B, 100)));
  EXPECT_TRUE(known_at_most(min(B, S) + min(S, 7), S + 7));
  EXPECT_TRUE(known_at_most(2 * (B / 2) + 2 * (S / 2), B + S));
  EXPECT_FALSE(known_at_most(B, min(B, S)));
  EXPECT_TRUE((B - 2 * (B / 2)).max() == 1 && (B % 5).max() == 4);
  EXPECT_TRUE((B - 2 * (B / 2)).min() == 0 && (B % 5).min() == 0);
}

TEST(SymInt, SaysWhatItCannotBe) {
  std::string number = message([] { return std::int64_t(B); });
  EXPECT_NE(number.find("SymIntTest.cpp:"), number.npos) << number;
  EXPECT_NE(number.find("expected a size that is a number, received `B`, where "
                        "B is from 1 to 256"),
            number.npos)
      << number;
  std::string order = message([] { return B < S; });
  EXPECT_NE(order.find("whether `B` is less than `S` isn't the same for all "
                       "sizes, where B is from 1 to 256 and S from 1 to 512"),
            order.npos)
      << order;
  EXPECT_NE(message([] { return B == 4; }).find("equal to `4`"),
            std::string::npos);
  EXPECT_NE(message([] { return (B - 2) / 2; }).find("`B - 2` over `2`"),
            std::string::npos);
  EXPECT_NE(message([] { return B / (S - 1); }).find("over `S - 1`"),
            std::string::npos);
  SymInt great = INT64_MAX / 2;
  EXPECT_NE(message([&] { return B * great * 4; }).find("64 bits"),
            std::string::npos);
}

TEST(SymInt, NumbersStayInTheirRange) {
  SymInt great = INT64_MAX;
  EXPECT_EQ(great + 1, INT64_MAX);
  EXPECT_EQ(great * 2, INT64_MAX);
  EXPECT_FALSE((great * -2).is_symbolic());
  EXPECT_FALSE((great * -2 - 1).is_symbolic());
  EXPECT_FALSE((-great - great).is_symbolic());
}

TEST(SymInt, DeclarationsAreChecked) {
  auto declared = [](const char *name, std::int64_t min, std::int64_t max,
                     DynamicOptions options = {}) {
    return message([&] { dynamic(name, min, max, options); });
  };
  EXPECT_NE(declared("2B", 1, 4).find("is no name in C"), std::string::npos);
  EXPECT_NE(declared("int", 1, 4).find("keyword"), std::string::npos);
  EXPECT_NE(declared("N", 4, 4).find("a range of several sizes, received from "
                                     "4 to 4"),
            std::string::npos);
  EXPECT_NE(declared("N", 5, 7, {.divisor = 4}).find("with the divisor 4"),
            std::string::npos);
  EXPECT_NE(declared("N", -1, 7).find("at least 0"), std::string::npos);
  EXPECT_NE(declared("N", 1, 8, {.hint = 9})
                .find("a hint that the size can "
                      "be, from 1 to 8"),
            std::string::npos);
  EXPECT_NE(declared("N", 1, 8, {.divisor = 0}).find("divisor of at least 1"),
            std::string::npos);
  EXPECT_EQ(dynamic("N", 1, 8).hint(), 8);
  EXPECT_EQ(dynamic("N", 3, 18, {.divisor = 8}).min(), 8);
  EXPECT_EQ(dynamic("N", 3, 18, {.divisor = 8}).max(), 16);
}

TEST(SymInt, TextIsRead) {
  for (const char *text :
       {"B", "2*B + 1", "B*S - 1", "1 - B", "(B + 1) / 2", "min(S, 100)",
        "3*(B / 6)", "B / (2*S)", "H / 16", "8*(H / 16)", "B*H*H + 2*S",
        "(B + min(B, 7)) / (S + 1)", "-(B / 2)", "B*(S / 3)"}) {
    std::optional<SymInt> size = parse_size(text, named);
    ASSERT_TRUE(size) << text;
    EXPECT_EQ(size->str(), text);
  }
  for (const char *text : {"", "B +", "X", "B B", "(B", "B / 0", "min(B)",
                           "B / (S - 1)", "99999999999999999999", "2**B"})
    EXPECT_FALSE(parse_size(text, named)) << text;
  EXPECT_FALSE(parse_size(std::string(100000, '('), named));
}

TEST(SymInt, SymbolsAreFound) {
  SymInt sizes[] = {4, min(S, B / 3) + 1, H};
  std::vector<std::string> names;
  for (const Symbol &symbol : symbols_of(sizes))
    names.push_back(symbol.name);
  EXPECT_EQ(names, (std::vector<std::string>{"H", "S", "B"}));
}

/// Expressions of random shape have the values that C++ computes, are within
/// their bounds, and mean the same when they are read again.
TEST(SymInt, RandomExpressionsHaveTheirValues) {
  std::mt19937 random(1);
  auto below = [&](int count) { return int(random() % unsigned(count)); };
  struct Both {
    SymInt size;
    std::function<std::int64_t(const std::map<std::string, std::int64_t> &)>
        value;
  };
  int quotients = 0;
  for (int round = 0; round < 3000; ++round) {
    std::vector<Both> made;
    for (const auto &[name, size] :
         std::map<std::string, SymInt>{{"B", B}, {"S", S}, {"H", H}})
      made.push_back({size, [name](const auto &at) { return at.at(name); }});
    for (int step = 0; step < 6; ++step) {
      Both a = made[std::size_t(below(int(made.size())))],
           b = made[std::size_t(below(int(made.size())))];
      if (below(3) == 0) {
        std::int64_t number = below(9) + 1;
        b = {number, [number](const auto &) { return number; }};
      }
      Both next;
      switch (below(6)) {
      case 0:
        next = {a.size + b.size,
                [=](const auto &at) { return a.value(at) + b.value(at); }};
        break;
      case 1:
        next = {a.size - b.size,
                [=](const auto &at) { return a.value(at) - b.value(at); }};
        break;
      case 2:
        next = {a.size * b.size,
                [=](const auto &at) { return a.value(at) * b.value(at); }};
        break;
      case 3:
        next = {min(a.size, b.size), [=](const auto &at) {
                  return std::min(a.value(at), b.value(at));
                }};
        break;
      case 4:
        next = {max(a.size, b.size), [=](const auto &at) {
                  return std::max(a.value(at), b.value(at));
                }};
        break;
      default:
        if (!known_at_most(0, a.size) || !known_at_most(1, b.size))
          continue;
        ++quotients;
        bool rest = below(3) == 0;
        next = {rest ? a.size % b.size : a.size / b.size, [=](const auto &at) {
                  return rest ? a.value(at) % b.value(at)
                              : a.value(at) / b.value(at);
                }};
      }
      // Greater ones leave 64 bits, where C++ has no value.
      if (next.size.max() > 1 << 30 || next.size.min() < -(1 << 30))
        continue;
      made.push_back(next);
    }
    const Both &last = made.back();
    std::optional<SymInt> again = parse_size(last.size.str(), named);
    ASSERT_TRUE(again && again->is(last.size))
        << last.size << " became " << (again ? again->str() : "nothing");
    for (int probe = 0; probe < 8; ++probe) {
      // Ends of the ranges are where rules go wrong.
      std::map<std::string, std::int64_t> at = {
          {"B", probe == 0   ? 1
                : probe == 1 ? 256
                             : below(256) + 1},
          {"S", probe == 0   ? 1
                : probe == 2 ? 512
                             : below(512) + 1},
          {"H", probe == 0 ? 16 : (below(32) + 1) * 16}};
      std::int64_t value = last.value(at);
      ASSERT_EQ(
          evaluate(last.size, [&](const Symbol &s) { return at.at(s.name); }),
          value)
          << last.size;
      ASSERT_LE(last.size.min(), value) << last.size;
      ASSERT_GE(last.size.max(), value) << last.size;
    }
  }
  EXPECT_GT(quotients, 1000);
}

} // namespace
