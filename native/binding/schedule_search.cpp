// Schedule searches: searchSchedule on a thread of libuv's pool, so that the caller's event loop stays free, and
// searchScheduleNow at once, for small problems.
#include "../schedule/search.h"

#include <algorithm>
#include <memory>
#include <new>

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

/// What the search reads and writes; it holds copies, so that the caller may go on with its arrays.
struct Job {
  std::vector<double> risk;
  std::vector<double> axis;
  std::vector<double> logSnr;
  schedule::Problem problem;
  Method method = Method::plain;
  schedule::Beam beam{};
  std::int32_t* cancel = nullptr;
  napi_ref cancelReference = nullptr;
  napi_deferred deferred = nullptr;
  napi_async_work work = nullptr;
  Solution solution;
  bool outOfMemory = false;
};

void execute(napi_env, void* data) {
  Job& job = *static_cast<Job*>(data);
  const schedule::Cancelled cancelled(job.cancel);
  try {
    switch (job.method) {
      case Method::plain: job.solution = schedule::searchPlain(job.problem, cancelled); break;
      case Method::envelope: job.solution = schedule::searchEnvelope(job.problem, cancelled); break;
      case Method::secondOrder: job.solution = schedule::searchSecondOrder(job.problem, cancelled); break;
      case Method::beam: job.solution = schedule::searchBeam(job.problem, job.beam, cancelled); break;
    }
  } catch (const std::bad_alloc&) {
    job.outOfMemory = true;
  }
}

napi_value text(napi_env env, std::string_view message) {
  napi_value value = nullptr;
  check(napi_create_string_utf8(env, message.data(), message.size(), &value));
  return value;
}

/// { objective, nodes }; nodes are empty where the search was cancelled.
napi_value result(napi_env env, const Solution& solution) {
  napi_value object = nullptr;
  check(napi_create_object(env, &object));
  napi_value value = nullptr;
  check(napi_create_double(env, solution.objective, &value));
  check(napi_set_named_property(env, object, "objective", value));
  void* data = nullptr;
  napi_value buffer = nullptr;
  check(napi_create_arraybuffer(env, solution.nodes.size() * sizeof(std::uint32_t), &data, &buffer));
  std::copy(solution.nodes.begin(), solution.nodes.end(), static_cast<std::uint32_t*>(data));
  check(napi_create_typedarray(env, napi_uint32_array, solution.nodes.size(), buffer, 0, &value));
  check(napi_set_named_property(env, object, "nodes", value));
  return object;
}

void complete(napi_env env, napi_status, void* data) {
  const std::unique_ptr<Job> job(static_cast<Job*>(data));
  try {
    check(napi_delete_reference(env, job->cancelReference));
    check(napi_delete_async_work(env, job->work));
    if (job->outOfMemory) {
      napi_value error = nullptr;
      check(napi_create_error(env, nullptr, text(env, "the schedule search ran out of memory"), &error));
      check(napi_reject_deferred(env, job->deferred, error));
    } else {
      check(napi_resolve_deferred(env, job->deferred, result(env, job->solution)));
    }
  } catch (...) {
    // The environment is going away: nobody waits for the answer.
  }
}

std::vector<double> numbers(Call& call, std::size_t index, Label label) {
  const TypedArray array = call.typedArray(index, napi_float64_array, label);
  return {array.as<double>(), array.as<double>() + array.length};
}

}  // namespace

namespace {

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
  job->problem = {job->risk, job->axis, job->logSnr, call.integer(4, 1, candidates - 1, {"steps"}),
                  call.number(5, {"smoothness"}), call.number(6, {"exponent"})};
  if (!(job->problem.smoothness >= 0) || !(job->problem.exponent >= 1)) {
    rangeError("Expected smoothness >= 0 and exponent >= 1");
  }
  // Candidate indices are kept in 16 bits there.
  if (job->method == Method::secondOrder && candidates > UINT16_MAX) rangeError("Expected at most 65535 candidates");
  job->beam = {call.integer(7, 1, mostPaths, {"width"}), call.integer(8, 0, mostPaths, {"radius"}), call.integer(9, 0, mostPaths, {"globals"})};
  return job;
}

}  // namespace

napi_value searchScheduleNow(Call& call) {
  const std::unique_ptr<Job> job = readJob(call);
  std::int32_t never = 0;
  job->cancel = &never;
  execute(nullptr, job.get());
  if (job->outOfMemory) rangeError("The schedule search ran out of memory");
  return result(call.env(), job->solution);
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
  const TypedArray cancel = call.typedArray(10, napi_int32_array, {"cancel"});
  requireLength(cancel, 1, {"cancel"}, "1");
  job->cancel = cancel.as<std::int32_t>();

  napi_value promise = nullptr;
  check(napi_create_reference(call.env(), call.at(10), 1, &job->cancelReference));
  check(napi_create_promise(call.env(), &job->deferred, &promise));
  check(napi_create_async_work(call.env(), nullptr, text(call.env(), "quench.searchSchedule"), execute, complete, job.get(), &job->work));
  check(napi_queue_async_work(call.env(), job->work));
  job.release();
  return promise;
}

}  // namespace quench::binding
