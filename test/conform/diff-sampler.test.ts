import { goldenFamily } from "./golden-family.js";

goldenFamily("diff-sampler", 0);
