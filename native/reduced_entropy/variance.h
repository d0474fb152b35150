// Control by conditional variance as RE and EVODiff print it; lib/solver/reduced-entropy/variance.ts has the whole
// step.
#pragma once

#include <cmath>

#include "ratio.h"
#include "rounding.h"

namespace quench::reduced_entropy {

/// Inner products of the state's linear part X and the gradient terms U (backward) and V (forward), all in the same
/// units.
struct GradientProducts {
  double xv;
  double uu;
  double uv;
  double vv;
};

/// eta* and zeta* as inner products give them, and eta and zeta that they become.
struct VarianceFactors {
  double eta;
  double zeta;
  double etaStar;
  double zetaStar;
};

///     eta = logistic|eta*|,            eta* = <U-V, U>/<U-V, U-V>    (RE Eq. 4.19)
///     zeta = logistic(|zeta*| - mu),   zeta* = <V, X+U-V>/<V, V>     (RE Eq. 4.16, D.11)
inline VarianceFactors varianceFactors(const GradientProducts& of, double shift) {
  const double etaStar = ratioOrOne(of.uu - of.uv, of.uu - 2 * of.uv + of.vv);
  const double zetaStar = ratioOrOne(of.xv + of.uv - of.vv, of.vv);
  return {logistic(std::abs(etaStar)), logistic(std::abs(zetaStar) - shift), etaStar, zetaStar};
}

/// The weights of two gradient terms that are vectors already: zeta eta/2 of V, zeta (1 - eta/2) of U.
struct GradientWeights {
  struct Constants {
    double shift;
  };
  /// All pairs of X, U and V, as gram packs them.
  static constexpr std::size_t products = 6;
  struct Kept {};
  static constexpr std::size_t coefficients = 2;
  static constexpr std::size_t measured = 4;

  static void row(const Constants& now, const double* of, Kept&, double* weights, double* factors) {
    const VarianceFactors found = varianceFactors({of[2], of[3], of[4], of[5]}, now.shift);
    weights[0] = found.zeta * found.eta / 2;
    weights[1] = found.zeta * (1 - found.eta / 2);
    note(found, factors);
  }

  static void note(const VarianceFactors& found, double* factors) {
    factors[0] = found.eta;
    factors[1] = found.zeta;
    factors[2] = found.etaStar;
    factors[3] = found.zetaStar;
  }
};

/// A step's correction: the coefficients of x_P, m_t, m1 and m0 in x_t, from the products of (x_P, m0, D, V) with V.
struct VarianceCorrection {
  struct Constants {
    /// The probe was x_P = keep x + onPrediction m0 + onD D.
    double keep;
    double onPrediction;
    double onD;
    double r;
    /// sigma_s h.
    double sigmaH;
    double shift;
    /// V's share of the gradient is fixedShare + etaShare eta; its weight zeta where `balanced` is not 0, else 1.
    double fixedShare;
    double etaShare;
    double balanced;
    /// Weights of V and U from the noise levels.
    double forward;
    double backward;
    Rounding rounding;
  };
  /// <x_P,x_P> and then those with V.
  static constexpr std::size_t products = 5;
  struct Kept {
    /// <D,D>: what was <V,V> a step before.
    double dd;
  };
  static constexpr std::size_t coefficients = 4;
  static constexpr std::size_t measured = 4;

  static void row(const Constants& now, const double* withV, Kept& kept, double* on, double* factors) {
    const double pv = withV[1], m0v = withV[2], dv = withV[3], vv = withV[4];
    const double xv = (pv - now.onPrediction * m0v - now.onD * dv) / now.keep;
    const double r = now.r;
    const VarianceFactors found = varianceFactors({2 / now.sigmaH * xv, kept.dd / (r * r), dv / r, vv}, now.shift);
    kept.dd = vv;
    const double share = now.fixedShare + now.etaShare * found.eta;
    const double onGradient = (now.balanced != 0 ? found.zeta : 1) * (now.onPrediction / 2);
    const double onU = onGradient * share * now.forward;
    const double onD = onGradient * (1 - share) * now.backward / r - now.onD;
    on[0] = 1;
    on[1] = onU;
    on[2] = -onD;
    on[3] = onD - onU;
    roundTogether(now.rounding, on, 4);
    GradientWeights::note(found, factors);
  }
};

}  // namespace quench::reduced_entropy
