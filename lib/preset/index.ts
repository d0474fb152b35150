export {
  type Finalist,
  type Preset,
  type PresetTuning,
  presetJsonSchema,
  presetSchema,
  withPreset,
} from "./preset.js";
