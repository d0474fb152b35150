export {
  type Finalist,
  type Preset,
  type PresetTuning,
  presetJsonSchema,
  presetSchema,
  requirePresetModel,
  withPreset,
} from "./preset.js";
