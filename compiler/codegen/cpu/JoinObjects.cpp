//===- JoinObjects.cpp - One ELF object of several ------------------------===//
//
// Part of tensorc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `ld -r` does, for what LLVM writes of the parts of one module: names
// that one part lacks are found in another, even where they are local to it.
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/cpu/Parts.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/StringTableBuilder.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <tuple>

using namespace llvm;
using namespace tensorc;

using ELF64 = object::ELF64LE;
using File = object::ELFFile<ELF64>;

namespace {

struct Section {
  ELF64::Shdr header = {};
  StringRef name;
  SmallVector<char, 0> data;
  SmallVector<ELF64::Rela, 0> relocations;
  std::string relocationName;
  unsigned symbol = 0; // of `symbols`, its start
  unsigned index = 0;  // in the new object
};

struct Symbol {
  ELF64::Sym entry = {};
  StringRef name;
  unsigned section = 0; // of `sections`, where the symbol stands in one
  unsigned index = 0;   // in the new object

  bool isInSection() const {
    return entry.st_shndx != ELF::SHN_UNDEF &&
           entry.st_shndx < ELF::SHN_LORESERVE;
  }
};

class Joiner {
public:
  void add(const File &part);
  SmallVector<char, 0> write();

private:
  void addSections(const File &part);
  void addSymbols(const File &part);
  void addRelocations(const File &part);
  unsigned numberOf(const Symbol &symbol);
  SmallVector<ELF64::Sym, 0> orderSymbols(StringTableBuilder &names);

  ELF64::Ehdr header = {};
  std::vector<Section> sections;
  std::vector<Symbol> symbols = {Symbol()};
  /// Sections of one name and kind are one.
  MapVector<std::tuple<StringRef, unsigned, uint64_t, uint64_t>, unsigned>
      sectionOf;
  /// Symbols that all parts see, and the file's name.
  StringMap<unsigned> known;
  unsigned file = 0;

  /// Of the part that is being added, by its numbers: in which section its
  /// sections are now, and where; its symbols.
  SmallVector<std::pair<unsigned, uint64_t>, 0> places;
  SmallVector<unsigned, 0> newSymbols;
};

} // namespace

void Joiner::add(const File &part) {
  if (sections.empty())
    header = part.getHeader();
  // Any part may use GNU's extensions.
  header.e_ident[ELF::EI_OSABI] = std::max(
      header.e_ident[ELF::EI_OSABI], part.getHeader().e_ident[ELF::EI_OSABI]);
  addSections(part);
  addSymbols(part);
  addRelocations(part);
}

void Joiner::addSections(const File &part) {
  places.clear();
  for (const ELF64::Shdr &from : cantFail(part.sections())) {
    places.emplace_back();
    if (is_contained({ELF::SHT_NULL, ELF::SHT_RELA, ELF::SHT_STRTAB,
                      ELF::SHT_SYMTAB, ELF::SHT_LLVM_ADDRSIG},
                     unsigned(from.sh_type)))
      continue;
    assert(!(from.sh_flags & (ELF::SHF_GROUP | ELF::SHF_LINK_ORDER)));
    StringRef name = cantFail(part.getSectionName(from));
    auto [found, isNew] =
        sectionOf.insert({{name, from.sh_type, from.sh_flags, from.sh_entsize},
                          unsigned(sections.size())});
    if (isNew) {
      Section &section = sections.emplace_back();
      section.header = from;
      section.header.sh_size = 0;
      section.name = name;
    }
    Section &to = sections[found->second];
    uint64_t align = std::max<uint64_t>(from.sh_addralign, 1);
    uint64_t place = alignTo(to.header.sh_size, align);
    places.back() = {found->second, place};
    to.header.sh_addralign = std::max<uint64_t>(to.header.sh_addralign, align);
    to.header.sh_size = place + from.sh_size;
    if (from.sh_type == ELF::SHT_NOBITS)
      continue;
    to.data.resize(place);
    append_range(to.data, cantFail(part.getSectionContents(from)));
  }
}

/// The number of `symbol`, or of what another part says about that name.
unsigned Joiner::numberOf(const Symbol &symbol) {
  // `.LCPI0_0` is a part's own.
  if (!symbol.name.starts_with(".L")) {
    auto [found, isNew] = known.try_emplace(symbol.name, symbols.size());
    if (!isNew) {
      Symbol &other = symbols[found->second];
      assert((!symbol.isInSection() || !other.isInSection()) &&
             "a name that two parts define");
      if (symbol.isInSection())
        other = symbol;
      return found->second;
    }
  }
  symbols.push_back(symbol);
  return symbols.size() - 1;
}

void Joiner::addSymbols(const File &part) {
  newSymbols.clear();
  for (const ELF64::Shdr &table : cantFail(part.sections())) {
    if (table.sh_type != ELF::SHT_SYMTAB)
      continue;
    StringRef names = cantFail(part.getStringTableForSymtab(table));
    for (const ELF64::Sym &entry : cantFail(part.symbols(&table))) {
      Symbol symbol{entry, cantFail(entry.getName(names))};
      unsigned *only = nullptr; // the number of what there is once
      if (entry.getType() == ELF::STT_SECTION) {
        symbol.section = places[entry.st_shndx].first;
        only = &sections[symbol.section].symbol;
      } else if (entry.getType() == ELF::STT_FILE) {
        only = &file;
      } else if (symbol.isInSection()) {
        auto [section, place] = places[entry.st_shndx];
        symbol.section = section;
        symbol.entry.st_value = entry.st_value + place;
      }
      if (newSymbols.empty()) // the first stands for none
        newSymbols.push_back(0);
      else if (!only)
        newSymbols.push_back(numberOf(symbol));
      else {
        if (*only == 0) {
          *only = symbols.size();
          symbols.push_back(symbol);
        }
        newSymbols.push_back(*only);
      }
    }
  }
}

void Joiner::addRelocations(const File &part) {
  for (const ELF64::Shdr &section : cantFail(part.sections())) {
    if (section.sh_type != ELF::SHT_RELA)
      continue;
    auto [target, place] = places[section.sh_info];
    for (ELF64::Rela relocation : cantFail(part.relas(section))) {
      const ELF64::Sym *old = cantFail(part.getRelocationSymbol(
          relocation, cantFail(part.getSection(section.sh_link))));
      if (old && old->getType() == ELF::STT_SECTION)
        relocation.r_addend =
            relocation.r_addend + int64_t(places[old->st_shndx].second);
      relocation.r_offset = relocation.r_offset + place;
      relocation.setSymbol(newSymbols[relocation.getSymbol(false)], false);
      sections[target].relocations.push_back(relocation);
    }
  }
}

/// The symbol table: local ones first, as the format wants it.
SmallVector<ELF64::Sym, 0> Joiner::orderSymbols(StringTableBuilder &names) {
  SmallVector<ELF64::Sym, 0> table;
  for (bool isLocal : {true, false})
    for (Symbol &symbol : symbols) {
      if ((symbol.entry.getBinding() == ELF::STB_LOCAL) != isLocal)
        continue;
      symbol.index = table.size();
      symbol.entry.st_name = names.getOffset(symbol.name);
      if (symbol.isInSection())
        symbol.entry.st_shndx = sections[symbol.section].index;
      table.push_back(symbol.entry);
    }
  return table;
}

SmallVector<char, 0> Joiner::write() {
  StringTableBuilder names(StringTableBuilder::ELF);
  for (const Symbol &symbol : symbols)
    names.add(symbol.name);
  for (Section &section : sections) {
    section.relocationName = (".rela" + section.name).str();
    names.add(section.relocationName);
    names.add(section.name);
  }
  for (StringRef name : {".symtab", ".strtab"})
    names.add(name);
  names.finalize();

  std::vector<ELF64::Shdr> headers(1);
  SmallVector<char, 0> out(sizeof(ELF64::Ehdr));
  auto append = [&](ELF64::Shdr header, StringRef name, StringRef data) {
    out.resize(alignTo(out.size(), std::max<uint64_t>(header.sh_addralign, 1)));
    header.sh_name = names.getOffset(name);
    header.sh_offset = out.size();
    llvm::append_range(out, data);
    headers.push_back(header);
  };
  auto table = [&](unsigned type, const auto &entries) {
    ELF64::Shdr header = {};
    header.sh_type = type;
    header.sh_addralign = 8;
    header.sh_entsize = sizeof(entries[0]);
    header.sh_size = entries.size() * sizeof(entries[0]);
    return std::pair(header,
                     StringRef(reinterpret_cast<const char *>(entries.data()),
                               size_t(header.sh_size)));
  };

  unsigned count = 1;
  for (Section &section : sections) {
    section.index = count++;
    count += !section.relocations.empty();
  }
  SmallVector<ELF64::Sym, 0> symbolTable = orderSymbols(names);
  for (Section &section : sections) {
    append(section.header, section.name,
           StringRef(section.data.data(), section.data.size()));
    if (section.relocations.empty())
      continue;
    for (ELF64::Rela &relocation : section.relocations)
      relocation.setSymbol(symbols[relocation.getSymbol(false)].index, false);
    auto [header, data] = table(ELF::SHT_RELA, section.relocations);
    header.sh_flags = ELF::SHF_INFO_LINK;
    header.sh_link = count;
    header.sh_info = section.index;
    append(header, section.relocationName, data);
  }
  auto [symbolHeader, symbolData] = table(ELF::SHT_SYMTAB, symbolTable);
  symbolHeader.sh_link = count + 1;
  symbolHeader.sh_info = count_if(symbols, [](const Symbol &symbol) {
    return symbol.entry.getBinding() == ELF::STB_LOCAL;
  });
  append(symbolHeader, ".symtab", symbolData);
  ELF64::Shdr stringHeader = {};
  stringHeader.sh_type = ELF::SHT_STRTAB;
  stringHeader.sh_addralign = 1;
  stringHeader.sh_size = names.getSize();
  SmallString<0> strings;
  raw_svector_ostream stream(strings);
  names.write(stream);
  append(stringHeader, ".strtab", strings);

  out.resize(alignTo(out.size(), 8));
  header.e_shoff = out.size();
  header.e_shnum = headers.size();
  header.e_shstrndx = headers.size() - 1;
  assert(headers.size() < ELF::SHN_LORESERVE);
  std::memcpy(out.data(), &header, sizeof(header));
  llvm::append_range(out,
                     StringRef(reinterpret_cast<const char *>(headers.data()),
                               headers.size() * sizeof(ELF64::Shdr)));
  return out;
}

SmallVector<char, 0> cpu::joinObjects(ArrayRef<SmallVector<char, 0>> parts) {
  Joiner joiner;
  for (const SmallVector<char, 0> &part : parts)
    joiner.add(cantFail(File::create(StringRef(part.data(), part.size()))));
  return joiner.write();
}
