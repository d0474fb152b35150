import { goldenFamily } from "./golden-family.js";

goldenFamily("edm-heun", 0);
