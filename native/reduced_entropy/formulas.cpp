#include "formulas.h"

#include <array>
#include <cstring>
#include <type_traits>

#include "balanced_differences.h"
#include "variance.h"

namespace quench::reduced_entropy {
namespace {

/// Numbers in a struct of numbers.
template <typename Struct>
constexpr std::size_t numbersIn() {
  static_assert(std::is_trivially_copyable_v<Struct>);
  return std::is_empty_v<Struct> ? 0 : sizeof(Struct) / sizeof(double);
}

template <typename Struct>
Struct read(const double* numbers) {
  Struct result;
  if constexpr (numbersIn<Struct>() > 0) std::memcpy(&result, numbers, sizeof result);
  return result;
}

template <typename Row>
void run(const Decision& decision, const double* products, std::size_t begin, std::size_t end) {
  using Kept = typename Row::Kept;
  constexpr std::size_t keptNumbers = numbersIn<Kept>();
  const auto constants = read<typename Row::Constants>(decision.constants);
  for (std::size_t row = begin; row < end; ++row, products += Row::products) {
    Kept kept = read<Kept>(decision.kept + row * keptNumbers);
    double coefficients[Row::coefficients];
    double measured[Row::measured + 1];  // BalancedProbe measures nothing
    Row::row(constants, products, kept, coefficients, measured);
    if constexpr (keptNumbers > 0) std::memcpy(decision.kept + row * keptNumbers, &kept, sizeof kept);
    for (std::size_t k = 0; k < Row::coefficients; ++k)
      decision.coefficients[k * decision.rows + row] = coefficients[k];
    for (std::size_t k = 0; k < Row::measured; ++k) decision.measured[k * decision.rows + row] = measured[k];
  }
}

template <typename Row>
constexpr Formula formula{numbersIn<typename Row::Constants>(),
                          Row::products,
                          numbersIn<typename Row::Kept>(),
                          Row::coefficients,
                          Row::measured,
                          &run<Row>};

constexpr std::array formulas{&formula<GradientWeights>, &formula<VarianceCorrection>, &formula<BalancedProbe>,
                              &formula<BalancedCorrection>};

}  // namespace

const Formula* formulaAt(std::size_t number) { return number < formulas.size() ? formulas[number] : nullptr; }

}  // namespace quench::reduced_entropy
