import { Command } from "commander";
import { type Context, helpCommand } from "../context.js";
import { benchEngineCommand } from "./bench-engine.js";
import { benchKernelsCommand } from "./bench-kernels.js";
import { benchSampleCommand } from "./bench-sample.js";
import { benchStepCommand } from "./bench-step.js";

export function benchCommand(context: Context): Command {
  return new Command("bench")
    .helpCommand(...helpCommand)
    .description("Measure this machine; every bench says what it promises and whether this run kept it.")
    .addCommand(benchEngineCommand(context))
    .addCommand(benchKernelsCommand(context))
    .addCommand(benchStepCommand(context))
    .addCommand(benchSampleCommand(context));
}
