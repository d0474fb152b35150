import type { MeasuredChoice } from "../../lib/cli/default-choice.js";

export function savedChoices(): MeasuredChoice[];
