import { encodePng, imageGrid, readNpz } from "../../io/index.js";
import { imageShape } from "../../io/png.js";
import { font } from "../../plot/index.js";
import { sizeOf } from "../../shape.js";
import type { CellResult } from "../cell.js";
import type { Evaluation } from "../evaluate.js";
import { columnName, columnsOf } from "./comparison.js";

/** A cell's pictures: so many beside each other, in so many rows. */
const block = { across: 4, down: 2 };
/** Pictures smaller than this are drawn larger, by a whole factor, so that one can see them. */
const smallest = 48;
const gap = 10;
const top = 34;
const letter = 7;

/**
 * A sheet to look at, as SVG text: rows are methods, columns model calls, and every cell shows samples of the same
 * noises. Undefined for models whose samples are no images.
 */
export async function sampleSheet(
  evaluation: Evaluation,
  shape: readonly number[],
  valueRange: readonly [number, number],
): Promise<string | undefined> {
  if (!isImage(shape) || evaluation.cells.length === 0) return undefined;
  const [height, width] = [shape.at(-2)!, shape.at(-1)!];
  const factor = Math.max(1, Math.ceil(smallest / Math.max(height, width)));
  const [blockWidth, blockHeight] = [block.across * width * factor, block.down * height * factor];
  const columns = columnsOf(evaluation);
  const left = gap + letter * Math.max(...evaluation.methods.map(({ length }) => length));
  const x = (column: number) => left + gap + column * (blockWidth + gap);
  const y = (row: number) => top + row * (blockHeight + gap);
  const parts = [
    ...columns.map((column, c) => text(x(c) + blockWidth / 2, top - 12, columnName(column), "middle")),
    ...evaluation.methods.map((method, r) => text(left, y(r) + blockHeight / 2 + 4, method, "end")),
  ];
  for (const cell of evaluation.cells) {
    const row = evaluation.methods.indexOf(cell.method);
    const column = columns.findIndex((one) => columnName(one) === columnName(cell.column));
    const place = `x="${x(column)}" y="${y(row)}" width="${blockWidth}" height="${blockHeight}"`;
    const picture = await pictures(cell, shape, valueRange);
    if (picture) parts.push(`<image ${place} image-rendering="optimizeSpeed" href="${picture}"/>`);
  }
  const [fullWidth, fullHeight] = [x(columns.length), y(evaluation.methods.length)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${fullWidth}" height="${fullHeight}" font-family="${font}" font-size="12">`,
    `<rect width="100%" height="100%" fill="white"/>`,
    ...parts,
    "</svg>",
  ].join("\n");
}

/** The pictures that a cell kept, as a data URL. */
async function pictures(
  { arrays }: CellResult,
  shape: readonly number[],
  valueRange: readonly [number, number],
): Promise<string | undefined> {
  const shown = (await readNpz(arrays)).get("shown")?.data;
  if (!(shown instanceof Float32Array || shown instanceof Float64Array)) return undefined;
  const size = sizeOf(shape);
  const fitting = shown.subarray(0, block.across * block.down * size) as typeof shown;
  const png = encodePng(imageGrid(fitting, shape, valueRange, block.across));
  return `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
}

/** A line of numbers is no picture, though its shape be that of one. */
function isImage(shape: readonly number[]): boolean {
  return (imageShape(shape)?.height ?? 0) > 1;
}

function text(x: number, y: number, content: string, anchor: "middle" | "end"): string {
  const escaped = content.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${escaped}</text>`;
}
