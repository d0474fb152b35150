// Schedule searches: searchSchedule on a thread of its own, so that the caller's event loop stays free, and
// searchScheduleNow at once, for small problems.
#include "../schedule/search.h"

#include <napi.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <memory>

#include "async_work.h"
#include "functions.h"

namespace quench::binding {
namespace {

using schedule::Solution;

enum class Method : std::uint64_t { plain, envelope, secondOrder, beam };

std::uint64_t searchBytes(Method method, std::size_t candidates, std::size_t steps, const schedule::Beam& beam) {
  switch (method) {
    case Method::secondOrder: return schedule::secondOrderBytes(candidates, steps);
    case Method::beam: return schedule::beamBytes(candidates, steps, beam);
    default: return schedule::firstOrderBytes(candidates, steps);
  }
}

/// What a search reads: copies, so that the caller may go on with its arrays.
struct Job {
  std::vector<double> risk;
  std::vector<double> axis;
  std::vector<double> logSnr;
  schedule::Problem problem;
  Method method = Method::plain;
  schedule::Beam beam{};
};

Solution run(const Job& job, const Cancelled& cancelled) {
  switch (job.method) {
    case Method::envelope: return schedule::searchEnvelope(job.problem, cancelled);
    case Method::secondOrder: return schedule::searchSecondOrder(job.problem, cancelled);
    case Method::beam: return schedule::searchBeam(job.problem, job.beam, cancelled);
    default: return schedule::searchPlain(job.problem, cancelled);
  }
}

/// { objective, nodes }; nodes are empty where the search was cancelled.
Napi::Object result(Napi::Env env, const Solution& solution) {
  Napi::Uint32Array nodes = Napi::Uint32Array::New(env, solution.nodes.size());
  std::copy(solution.nodes.begin(), solution.nodes.end(), nodes.Data());
  Napi::Object object = Napi::Object::New(env);
  object.Set("objective", solution.objective);
  object.Set("nodes", nodes);
  return object;
}

class Search : public AsyncWork {
 public:
  Search(Napi::Env env, std::unique_ptr<Job> job) : AsyncWork(env), job_(std::move(job)) {}

 protected:
  void compute(const Cancelled& cancelled) override { solution_ = run(*job_, cancelled); }
  Napi::Value result(Napi::Env env) override { return binding::result(env, solution_); }

 private:
  std::unique_ptr<Job> job_;
  Solution solution_;
};

std::vector<double> numbers(Call& call, std::size_t index, Label label) {
  const TypedArray array = call.typedArray(index, napi_float64_array, label);
  std::vector<double> values(array.as<double>(), array.as<double>() + array.length);
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); })) {
    rangeError("Expected finite risk, axis and logSnr");
  }
  return values;
}

constexpr std::uint64_t mostPaths = 1U << 20U;

/// (method, risk, axis, logSnr, steps, smoothness, exponent, width, radius, globals), checked.
std::unique_ptr<Job> readJob(Call& call) {
  auto job = std::make_unique<Job>();
  job->method = static_cast<Method>(call.integer(0, 0, 3, {"method"}));
  job->risk = numbers(call, 1, {"risk"});
  job->axis = numbers(call, 2, {"axis"});
  job->logSnr = numbers(call, 3, {"logSnr"});
  const std::size_t candidates = job->risk.size();
  if (candidates < 2 || job->axis.size() != candidates || job->logSnr.size() != candidates) {
    rangeError("Expected risk, axis and logSnr of one length, at least 2");
  }
  job->problem = {job->risk,
                  job->axis,
                  job->logSnr,
                  call.integer(4, 1, candidates - 1, {"steps"}),
                  call.number(5, {"smoothness"}),
                  call.number(6, {"exponent"})};
  if (!(job->problem.smoothness >= 0) || !(job->problem.exponent >= 1)) {
    rangeError("Expected smoothness >= 0 and exponent >= 1");
  }
  // Where parabolas cross is a quotient by the smoothness.
  if (job->method == Method::secondOrder && job->problem.smoothness < std::numeric_limits<double>::min()) {
    rangeError("Expected a smoothness that is a normal number > 0");
  }
  // Candidate indices are kept in 16 bits there.
  if (job->method == Method::secondOrder && candidates > UINT16_MAX) rangeError("Expected at most 65535 candidates");
  job->beam = {call.integer(7, 1, mostPaths, {"width"}), call.integer(8, 0, mostPaths, {"radius"}),
               call.integer(9, 0, mostPaths, {"globals"})};
  return job;
}

}  // namespace

napi_value searchScheduleNow(Call& call) {
  const std::unique_ptr<Job> job = readJob(call);
  const std::atomic<bool> never = false;
  return result(call.env(), run(*job, Cancelled(never)));
}

napi_value scheduleSearchBytes(Call& call) {
  const auto method = static_cast<Method>(call.integer(0, 0, 3, {"method"}));
  const std::uint64_t candidates = call.integer(1, 2, 1U << 24U, {"candidates"});
  const std::uint64_t steps = call.integer(2, 1, candidates - 1, {"steps"});
  const schedule::Beam beam{call.integer(3, 1, mostPaths, {"width"}), 0, 0};
  napi_value value = nullptr;
  check(napi_create_double(call.env(), static_cast<double>(searchBytes(method, candidates, steps, beam)), &value));
  return value;
}

napi_value searchSchedule(Call& call) {
  std::unique_ptr<Job> job = readJob(call);
  const Napi::Env env(call.env());
  auto search = std::make_unique<Search>(env, std::move(job));
  Napi::Object started = Napi::Object::New(env);
  started.Set("cancel", Napi::Function::New(env, [stop = search->stop()](const Napi::CallbackInfo&) {
                stop->store(true, std::memory_order_relaxed);
              }));
  started.Set("path", AsyncWork::begin(std::move(search), env, "quench.searchSchedule"));
  return started;
}

}  // namespace quench::binding
