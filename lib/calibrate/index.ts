export { measureNoiseEnergy, type NoiseEnergyOptions } from "./noise-energy.js";
