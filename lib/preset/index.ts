export {
  type Finalist,
  leavesOpen,
  type Preset,
  type PresetTuning,
  presetJsonSchema,
  presetSchema,
  withPreset,
} from "./preset.js";
