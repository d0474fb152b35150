// The tables of IIA. Its calibrations and draws are those of scripts/experiments/iia, whose results are taken as they are:
// run its scripts to make them again.
import { commandOptions } from "./options.mjs";
import { writePage } from "./page.mjs";

commandOptions();
writePage();
