import { goldenFamily } from "./golden-family.js";

goldenFamily("dpm-solver", 0);
goldenFamily("dpm-solver-edm", 0);
