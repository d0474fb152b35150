import type { Spec } from "vega";
import { QuenchError } from "../errors.js";

/** Okabe and Ito's colours, which colour-blind readers can tell apart. */
export const colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

export const font = "DejaVu Sans, Helvetica, Arial, sans-serif";

/**
 * Draws a Vega specification as SVG text.
 * @throws QuenchError MISSING_DEPENDENCY where vega is not installed
 */
export async function renderSvg(specification: Spec): Promise<string> {
  const vega = await optional(() => import("vega"), "vega");
  const view = new vega.View(vega.parse(specification), { renderer: "none", logLevel: vega.Warn });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

/**
 * The bytes of a PNG file of SVG text, `zoom` times as fine as its own size.
 * @throws QuenchError MISSING_DEPENDENCY where @resvg/resvg-js is not installed
 */
export async function rasterise(svg: string, zoom = 2): Promise<Uint8Array> {
  const { Resvg } = await optional(() => import("@resvg/resvg-js"), "@resvg/resvg-js");
  return new Resvg(svg, {
    background: "white",
    fitTo: { mode: "zoom", value: zoom },
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  })
    .render()
    .asPng();
}

async function optional<Module>(load: () => Promise<Module>, name: string): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new QuenchError("MISSING_DEPENDENCY", `plots need the package ${name}: npm install ${name}`, {
      cause,
    });
  }
}
