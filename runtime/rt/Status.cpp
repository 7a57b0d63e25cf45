//===- Status.cpp - Failures and their words ----------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

using namespace tensorc::rt;

static thread_local ThreadState currentThread;

ThreadState &tensorc::rt::threadState() { return currentThread; }

int32_t tensorc_rt_fail(int32_t status, const char *format, ...) {
  // The arguments may point into the words of an earlier failure.
  char words[kWordsSize];
  va_list arguments;
  va_start(arguments, format);
  if (vsnprintf(words, sizeof(words), format, arguments) < 0)
    strcpy(words, "failure without words: bad format");
  va_end(arguments);
  ThreadState &self = threadState();
  memcpy(self.words, words, strlen(words) + 1);
  self.failed = true;
  return status;
}

const char *tensorc_rt_last_error(void) {
  const ThreadState &self = threadState();
  return self.words[0] ? self.words : "no error";
}

Quoted::Quoted(const char *name, size_t length) {
  constexpr size_t kKeep = 160;
  size_t kept = length < kKeep ? length : kKeep;
  for (size_t i = 0; i < kept; ++i) {
    unsigned char c = static_cast<unsigned char>(name[i]);
    text[i] = c < 0x20 || c == 0x7f ? '?' : name[i];
  }
  strcpy(text + kept, kept < length ? "..." : "");
}

Errno::Errno(int number) {
  // GNU's variant: the words are in `text` or in constant memory.
  const char *words = strerror_r(number, text, sizeof(text));
  if (words != text)
    snprintf(text, sizeof(text), "%s", words);
  if (text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z')
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
}
