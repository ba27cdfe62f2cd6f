#include "tables/index.hpp"

#include "tables/plan.hpp"
#include "tables/specialise.hpp"
#include "tables/tables.hpp"
#include "tables/tabulate.hpp"

namespace mm::route {

namespace {

using lookup::Names;

void add_names(const Pattern& pattern, Names& ports, Names& metas) {
  if (pattern.op == Pattern::Op::port) ports.add(pattern.text, pattern.is_prefix);
  if (pattern.op == Pattern::Op::meta) metas.add(pattern.text, false);
  for (const Pattern& part : pattern.of) add_names(part, ports, metas);
}

} // namespace

struct Index::Tables : lookup::Tables {
  Tables(std::span<const Pattern* const> patterns, const std::vector<bool>& decides, bool may_sift);
};

Index::Tables::Tables(std::span<const Pattern* const> patterns, const std::vector<bool>& decides,
                      bool may_sift) {
  for (const Pattern* const pattern : patterns) add_names(*pattern, ports, metas);
  ports.finish();
  metas.finish();

  lookup::Conditions conditions;
  lookup::Specialiser specialiser(conditions, ports, metas);
  lookup::Plan plan(conditions, decides, may_sift);
  std::array<lookup::StepId, kind_count> steps{};
  for (std::size_t kind = 0; kind < kind_count; ++kind) {
    std::vector<lookup::Entry> list;
    for (std::uint32_t rule = 0; rule < patterns.size(); ++rule)
      list.push_back({rule, specialiser.condition(*patterns[rule], static_cast<Kind>(kind))});
    steps[kind] = plan.add(list);
  }
  plan.finish();

  lookup::Tabulator tabulator(plan, conditions, *this);
  for (std::size_t kind = 0; kind < kind_count; ++kind) roots[kind] = tabulator.root(steps[kind]);
  tabulator.finish();
}

Index::Index(std::span<const Pattern* const> patterns, const std::vector<bool>& decides)
    : patterns_(patterns.begin(), patterns.end()), decides_(decides),
      tables_(std::make_unique<Tables>(patterns, decides, true)) {}

Index::~Index() = default;
Index::Index(Index&&) noexcept = default;
Index& Index::operator=(Index&&) noexcept = default;

std::span<const Index::Candidate> Index::find(const Look& look) const {
  return tables_->find(look);
}

bool Index::passes(Kind kind) const {
  return tables_->roots[static_cast<std::size_t>(kind)] == lookup::Reference();
}

// In tables without sifts all lists of candidates are there since some event leads to them.
std::vector<std::uint32_t> Index::unreachable() const {
  const Tables tables(patterns_, decides_, false);
  std::vector<bool> is_reached(patterns_.size(), false);
  for (const Candidate& candidate : tables.candidates) is_reached[candidate.rule] = true;
  std::vector<std::uint32_t> rules;
  for (std::uint32_t rule = 0; rule < is_reached.size(); ++rule)
    if (!is_reached[rule]) rules.push_back(rule);
  return rules;
}

} // namespace mm::route
