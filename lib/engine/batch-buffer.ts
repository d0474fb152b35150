import { type Backend, type Dtype, hostBackend } from "../device/index.js";
import { alignedVector, type Vector } from "../native/index.js";

/**
 * Room for the rows of one model call, grown to the largest call seen. Views are kept per row count, so that a
 * denoiser that ties its own objects to an array (ONNX tensors) meets the same array again.
 */
export class BatchBuffer {
  readonly #views = new Map<string, Vector>();
  /** Begins on a cache line. */
  #room: Pick<Vector, "buffer" | "byteOffset" | "byteLength"> = new Float32Array(0);
  #backend = hostBackend;

  /** @param backend whose memory its transfers are to be fastest from */
  view(dtype: Dtype, length: number, backend: Backend): Vector {
    const bytes = length * (dtype === "float32" ? 4 : 8);
    const better = backend !== hostBackend && backend !== this.#backend;
    if (bytes > this.#room.byteLength || better) {
      if (better) this.#backend = backend;
      this.#room =
        this.#backend === hostBackend
          ? alignedVector("float64", Math.ceil(bytes / 8))
          : new Uint8Array(this.#backend.hostBuffer(bytes));
      this.#views.clear();
    }
    const name = `${dtype}:${length}`;
    let view = this.#views.get(name);
    if (!view) {
      const { buffer, byteOffset } = this.#room;
      view =
        dtype === "float32"
          ? new Float32Array(buffer, byteOffset, length)
          : new Float64Array(buffer, byteOffset, length);
      this.#views.set(name, view);
    }
    return view;
  }
}
