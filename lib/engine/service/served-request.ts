import type { Engine } from "../engine.js";
import type { Progress } from "../progress.js";
import type { StepReport } from "../run.js";
import { type Frames, type FromWorker, type PortableReport, packError, type ToWorker } from "./protocol.js";

/** Reports of a stream that may be under way before its reader takes one. */
const mostUnread = 2;

/** One request inside a worker: runs it and sends what its caller asked for. */
export class ServedRequest {
  readonly #control = new AbortController();
  #unread = 0;
  #wake = () => {};

  constructor(
    readonly message: Extract<ToWorker, { type: "sample" }>,
    readonly send: (message: FromWorker, transfer?: ArrayBuffer[]) => void,
  ) {}

  cancel(): void {
    this.#control.abort();
    this.#wake();
  }

  wasRead(): void {
    this.#unread--;
    this.#wake();
  }

  /** Never rejects: what fails is sent. */
  async run(engine: Engine): Promise<void> {
    const { id, frames } = this.message;
    try {
      const samples = await (frames ? this.#stream(engine, frames) : this.#sample(engine));
      this.send({ type: "result", id, samples }, [samples.data.buffer as ArrayBuffer]);
    } catch (error) {
      this.send({ type: "error", id, error: packError(error) });
    }
  }

  #sample(engine: Engine) {
    const { id, request } = this.message;
    const { signal } = this.#control;
    return engine.sample(request, {
      signal,
      onProgress: (progress) => this.send({ type: "progress", id, progress }),
    });
  }

  async #stream(engine: Engine, frames: Frames) {
    const { id, request } = this.message;
    const { signal } = this.#control;
    const onProgress = (progress: Progress) => this.send({ type: "progress", id, progress });
    const steps = engine.stream(request, { signal, onProgress });
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
      const report = pack(value, frames);
      const transfer = [report.x, report.prediction].flatMap((v) => (v ? [v.buffer as ArrayBuffer] : []));
      this.send({ type: "step", id, report }, transfer);
      this.#unread++;
      while (this.#unread >= mostUnread && !signal.aborted)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

function pack(report: StepReport, frames: Frames): PortableReport {
  const { index, steps, level, evaluations } = report;
  return {
    index,
    steps,
    level,
    evaluations,
    ...(frames === "x" || frames === "both" ? { x: report.x() } : {}),
    ...(frames === "prediction" || frames === "both" ? { prediction: report.prediction() } : {}),
  };
}
