export { colourScale, frame, type PanelPlace, panel, plotTitle } from "./frame.js";
export { colours, font, rasterise, renderSvg } from "./render.js";
