import { Counter, Gauge, type Registry } from "prom-client";
import type { EngineStatistics } from "../engine/index.js";

/** Whatever has statistics: an `Engine` or a spawned one. */
export interface MeasuredEngine {
  stats(): EngineStatistics;
}

export interface EngineMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Counts a request of the plugin that was answered with an error, also one that came to no engine. */
  countError(status: number, code: string): void;
}

/**
 * Registers an engine's statistics with a prom-client registry; they are read when the registry is scraped.
 * @param engines by the value of the label `model`
 */
export function engineMetrics(
  registry: Registry,
  engines: Readonly<Record<string, MeasuredEngine>>,
): EngineMetrics {
  const registers = [registry];
  const all = () => Object.entries(engines).map(([model, engine]) => [model, engine.stats()] as const);
  const gauge = (name: string, help: string, read: (stats: EngineStatistics) => number) =>
    new Gauge({
      name: `quench_${name}`,
      help,
      labelNames: ["model"],
      registers,
      collect() {
        for (const [model, stats] of all()) this.set({ model }, read(stats));
      },
    });
  const counter = (name: string, help: string, read: (stats: EngineStatistics) => number) =>
    new Counter({
      name: `quench_${name}`,
      help,
      labelNames: ["model"],
      registers,
      collect() {
        this.reset();
        for (const [model, stats] of all()) this.inc({ model }, read(stats));
      },
    });

  gauge("active_requests", "Requests being sampled", ({ active }) => active.requests);
  gauge("active_rows", "Model rows being sampled", ({ active }) => active.rows);
  gauge("queued_requests", "Requests waiting to begin", ({ queued }) => queued.requests);
  gauge("queued_rows", "Model rows waiting to begin", ({ queued }) => queued.rows);
  gauge("batch_fill_ratio", "Mean rows per model call over the largest batch", (stats) => stats.batchFill);
  gauge("vector_bytes", "Bytes of vectors that requests hold", (stats) => stats.vectorBytes);
  counter("model_calls_total", "Model calls", (stats) => stats.modelCalls);
  counter("model_rows_total", "Rows of model calls", (stats) => stats.modelRows);
  new Counter({
    name: "quench_requests_total",
    help: "Requests of engines that ended, by how",
    labelNames: ["model", "outcome"],
    registers,
    collect() {
      this.reset();
      for (const [model, { finished }] of all())
        for (const [outcome, count] of Object.entries(finished)) this.inc({ model, outcome }, count);
    },
  });
  new Gauge({
    name: "quench_workers_up",
    help: "Workers that take requests",
    labelNames: ["model"],
    registers,
    collect() {
      for (const [model, { workers }] of all()) if (workers) this.set({ model }, workers.up);
    },
  });
  new Counter({
    name: "quench_worker_failures_total",
    help: "Workers that died, or hung in a model call",
    labelNames: ["model", "reason"],
    registers,
    collect() {
      this.reset();
      for (const [model, { workers }] of all())
        for (const reason of ["died", "hung"] as const)
          if (workers) this.inc({ model, reason }, workers[reason]);
    },
  });
  for (const [name, key, help] of [
    ["call_seconds", "call", "Duration of model calls, percentiles since the start"],
    ["tick_seconds", "tick", "Duration of ticks, percentiles since the start"],
    ["queue_age_seconds", "queueAge", "How long requests waited to begin, percentiles since the start"],
  ] as const) {
    new Gauge({
      name: `quench_${name}`,
      help,
      labelNames: ["model", "quantile"],
      registers,
      collect() {
        for (const [model, stats] of all())
          for (const [quantile, percentile] of [
            ["0.5", "p50"],
            ["0.95", "p95"],
            ["0.99", "p99"],
          ] as const)
            this.set({ model, quantile }, stats[key][percentile] / 1000);
      },
    });
  }
  const errors = new Counter({
    name: "quench_http_errors_total",
    help: "HTTP requests answered with an error, by status and code",
    labelNames: ["status", "code"],
    registers,
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    countError: (status, code) => errors.inc({ status, code }),
  };
}
