import { describe, expect, it } from "vitest";
import { floatToHalf, halfToFloat } from "../../lib/native/index.js";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

/** The value of a binary16 by its definition. */
function value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

describe("binary16", () => {
  it("widens all 65,536 values exactly", () => {
    const floats = new Float32Array(all.length);
    halfToFloat(floats, all);
    floats.forEach((float, half) => {
      expect(Object.is(float, value(half)) || (Number.isNaN(float) && Number.isNaN(value(half)))).toBe(true);
    });
  });

  it("narrows what it widened to the same bits, a signalling NaN to its quiet one", () => {
    const floats = new Float32Array(all.length);
    const halves = new Uint16Array(all.length);
    halfToFloat(floats, all);
    floatToHalf(halves, floats);
    halves.forEach((half, i) => {
      expect(half).toBe(Number.isNaN(value(i)) ? i | 0x200 : i);
    });
  });

  it("rounds to nearest, ties to even", () => {
    const halves = new Uint16Array(3);
    for (let half = 0; half < 0x7bff; half++) {
      const low = value(half);
      const high = value(half + 1);
      const middle = (low + high) / 2;
      const step = middle * 2 ** -23 || 2 ** -149;
      floatToHalf(halves, Float32Array.of(middle - step, middle, middle + step));
      expect([...halves]).toEqual([half, half % 2 === 0 ? half : half + 1, half + 1]);
    }
  });

  it("overflows to infinity from 65520 on and keeps the sign of zero", () => {
    const halves = new Uint16Array(5);
    floatToHalf(halves, Float32Array.of(65519.996, 65520, -1e30, -0, 1e-30));
    expect([...halves]).toEqual([0x7bff, 0x7c00, 0xfc00, 0x8000, 0]);
  });
});
