export { applyThresholding, type Thresholding, thresholdingSchema } from "./thresholding.js";
