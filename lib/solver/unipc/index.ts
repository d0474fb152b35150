export { unipc } from "./unipc.js";
