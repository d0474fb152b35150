export { colours, font, rasterise, renderSvg } from "./render.js";
