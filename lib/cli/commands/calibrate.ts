import { Command } from "commander";
import { type Context, helpCommand } from "../context.js";
import { calibrateIiaCommand } from "./calibrate-iia.js";
import { calibrateRiskCommand } from "./calibrate-risk.js";

export function calibrateCommand(context: Context): Command {
  return new Command("calibrate")
    .enablePositionalOptions()
    .helpCommand(...helpCommand)
    .description("Measure a model once and keep the measurement.")
    .addCommand(calibrateRiskCommand(context))
    .addCommand(calibrateIiaCommand(context));
}
