import type { InferenceSession } from "onnxruntime-node";
import { readConditions } from "../../denoiser/condition-tables.js";
import type { Model } from "../../denoiser/index.js";
import { loadRuntime } from "../../denoiser/onnx-runtime.js";
import { readSignature } from "../../denoiser/onnx-signature.js";
import { createTensors } from "../../denoiser/onnx-tensors.js";
import { type SampleRequest, sample } from "../../engine/index.js";
import type { Vector } from "../../native/index.js";

/** What a draw asked its model, in one call. */
export interface ModelCall {
  readonly rows: number;
  readonly input: Vector;
  /** Of every row: all of a draw's rows are at the same level. */
  readonly modelTime: number;
  readonly labels: Int32Array | undefined;
}

/** The calls of one draw, whose samples are dropped. */
export async function callsOfDraw(model: Model, request: SampleRequest): Promise<ModelCall[]> {
  const calls: ModelCall[] = [];
  const recording: Model = {
    ...model,
    evaluate(batch) {
      const { rows, input, levels, labels } = batch;
      calls.push({ rows, input: input.slice(), modelTime: levels[0]!.modelTime, labels: labels?.slice() });
      return model.evaluate(batch);
    },
  };
  await sample(recording, request);
  return calls;
}

/** `session.run` for each call, one after the other, the tensors made before. Returns its milliseconds. */
export type BareLoop = (calls: readonly ModelCall[]) => Promise<number>;

/** What no sampler can beat: the runtime called in a loop. */
export async function bareLoop(model: Model, session: InferenceSession): Promise<BareLoop> {
  const { Tensor } = await loadRuntime();
  const signature = readSignature(session, model.config, await readConditions(model.folder, model.config));
  const tensors = createTensors(Tensor, signature, undefined);
  return async (calls) => {
    if (calls.length === 0) return 0;
    const { rows, input, labels } = calls[0]!;
    const { time, label } = tensors.scalars(rows);
    const labelAt = (row: number) => labels?.[row] ?? 0;
    label?.fill(labelAt);
    const beside = {
      [time.name]: time.tensor,
      ...(label ? { [label.name]: label.tensor } : {}),
      ...Object.fromEntries(
        [...tensors.conditions].map(([name, tensor]) => [name, tensor(rows, () => undefined, labelAt)]),
      ),
    };
    const feeds = calls.map((call) => ({
      ...beside,
      [signature.x.name]: tensors.wrap(call.input, 0, rows),
    }));
    const fetches = { [signature.output.name]: tensors.wrap(input.slice(), 0, rows) };
    const begun = performance.now();
    for (const [at, { modelTime }] of calls.entries()) {
      time.fill(() => modelTime);
      await session.run(feeds[at]!, fetches);
    }
    return performance.now() - begun;
  };
}
