import { goldenFamily } from "./golden-family.js";

goldenFamily("diffusers", 0);
