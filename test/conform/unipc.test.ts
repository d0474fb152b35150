import { goldenFamily } from "./golden-family.js";

goldenFamily("unipc", 0);
goldenFamily("unipc-edm", 0);
