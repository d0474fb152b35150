import { goldenFamily } from "./golden-family.js";

goldenFamily("k-diffusion", 0);
