import type { InferenceSession } from "onnxruntime-node";
import { QuenchError } from "../errors.js";
import { type ConditionTable, type ConditionTables, conditionPointer } from "./condition-tables.js";
import type { ModelConfig } from "./model-schema.js";

export type SampleType = "float32" | "float16" | "float64";
export type TimeType = SampleType | "int64" | "int32";
export type LabelType = "int64" | "int32";
export type ConditionType = SampleType | LabelType;

/** An input that holds one number per row, or one for the whole run. */
export interface ScalarInput<T> {
  readonly name: string;
  readonly type: T;
  /** True when the network takes one number for all rows; the batch is then split by it. */
  readonly shared: boolean;
  /** Number of dimensions; all but the first are 1. */
  readonly rank: number;
}

/** A further input of a row's size for every row, and what the model knows of it. */
export interface NetworkCondition extends ConditionTable {
  readonly name: string;
  readonly type: ConditionType;
}

/** What a network takes and gives, read from the session and checked against `model.json`. */
export interface Signature {
  readonly x: { readonly name: string; readonly type: SampleType };
  readonly time: ScalarInput<TimeType>;
  readonly label: ScalarInput<LabelType> | undefined;
  readonly conditions: readonly NetworkCondition[];
  readonly output: { readonly name: string };
  readonly shape: readonly number[];
  readonly fixedBatch: number | undefined;
}

type SessionMetadata = Pick<InferenceSession, "inputMetadata" | "outputMetadata">;
type Value = InferenceSession.TensorValueMetadata;

const sampleTypes: readonly string[] = ["float32", "float16", "float64"];
const labelTypes: readonly string[] = ["int64", "int32"];

/**
 * Reads what a network takes and gives.
 *
 * @throws QuenchError `MODEL_MISMATCH` where the network and `config` disagree, `where` a JSON pointer into
 * `model.json`.
 */
export function readSignature(
  session: SessionMetadata,
  config: Pick<ModelConfig, "inputs" | "outputs" | "shape" | "classes">,
  conditions: ConditionTables = new Map(),
): Signature {
  const inputs = session.inputMetadata.filter((value): value is Value => value.isTensor);
  const outputs = session.outputMetadata.filter((value): value is Value => value.isTensor);
  const { x, time, label } = chooseInputs(inputs, config.inputs ?? {}, conditions);
  const type = oneOf(x, sampleTypes, "/inputs/x") as SampleType;
  if (label && !config.classes)
    mismatch(
      "/classes",
      `the network takes labels (input "${label.name}"), so model.json must list the classes`,
    );
  if (!label && config.classes && ![...conditions.values()].some(({ rows }) => rows > 1))
    mismatch(
      "/classes",
      `classes are listed but the network takes no labels, nor has it conditions of classes; it has ${list(inputs)}`,
    );
  const fixedBatch = typeof x.shape[0] === "number" && x.shape[0] > 0 ? x.shape[0] : undefined;
  const shape = sampleShape(x, config.shape);
  const timeTypes = [...sampleTypes, ...labelTypes];
  return {
    x: { name: x.name, type },
    time: scalarInput(time, timeTypes, fixedBatch, "/inputs/time") as ScalarInput<TimeType>,
    label: label && (scalarInput(label, labelTypes, fixedBatch, "/inputs/label") as ScalarInput<LabelType>),
    conditions: [...conditions].map(([name, condition]) =>
      conditionInput(find(inputs, name, conditionPointer(name), "input"), condition, fixedBatch),
    ),
    output: { name: readOutput(outputs, config, x, shape, fixedBatch) },
    shape,
    fixedBatch,
  };
}

interface Inputs {
  readonly x: Value;
  readonly time: Value;
  readonly label: Value | undefined;
}

type Test = (value: Value) => boolean;

/** Which input is which: those that the configuration names, and the others by their names, types and ranks. */
function chooseInputs(
  inputs: readonly Value[],
  names: NonNullable<ModelConfig["inputs"]>,
  conditions: ConditionTables,
): Inputs {
  const named = (key: keyof Inputs) =>
    names[key] === undefined ? undefined : find(inputs, names[key], `/inputs/${key}`, "input");
  const given = { x: named("x"), time: named("time"), label: named("label") };
  const taken = Object.values(given);
  const free = inputs.filter((value) => !taken.includes(value) && !conditions.has(value.name));
  const choose = (key: keyof Inputs, ...tests: Test[]) => given[key] ?? takeOnly(free, key, tests);

  const x =
    choose("x", isCalledSample, couldHoldSamples) ??
    mismatch("/inputs/x", `the network has no input that could hold samples; it has ${list(inputs)}`);
  const time =
    choose("time", isTime, isCalledTime, (value) => !isCalledLabel(value)) ??
    mismatch("/inputs/time", `the network has no input for the time; it has ${list(inputs)}`);
  const label = choose("label", (value) => labelTypes.includes(value.type) && isColumn(value));
  if (free.length > 0)
    mismatch(
      "/conditions",
      `the network also needs ${list(free)}: name a file for it, or give its shape, in model.json's "conditions"`,
    );
  return { x, time, label };
}

/** Takes the only input that passes the first test that any passes; undefined where none passes one. */
function takeOnly(free: Value[], key: string, tests: readonly Test[]): Value | undefined {
  const found = tests.map((test) => free.filter(test)).find(({ length }) => length > 0) ?? [];
  if (found.length > 1)
    mismatch(
      `/inputs/${key}`,
      `cannot tell which input it is: ${list(found)} would fit; name it in model.json`,
    );
  return found[0] && free.splice(free.indexOf(found[0]), 1)[0];
}

const couldHoldSamples: Test = (value) =>
  sampleTypes.includes(value.type) && value.shape.length >= 2 && !isColumn(value);
const isCalledSample: Test = (value) =>
  couldHoldSamples(value) && /^(x|x_t|samples?|latents?)$/i.test(value.name);
const isTime: Test = ({ name }) => /^(t|timesteps?|time|sigmas?)$/i.test(name);
const isCalledTime: Test = ({ name }) => /time|sigma|noise|^t$/i.test(name);
const isCalledLabel: Test = ({ name }) => /label|class|^y$/i.test(name);

function sampleShape(x: Value, declared: readonly number[] | undefined): readonly number[] {
  const dimensions = x.shape.slice(1);
  if (declared === undefined) {
    if (x.shape.length > 1 && dimensions.every((size) => typeof size === "number" && size > 0))
      return dimensions as number[];
    return mismatch(
      "/shape",
      `the network leaves the shape of a sample open (${show(x)}): model.json must give it`,
    );
  }
  if (!shapeFits(x, declared))
    mismatch(
      "/shape",
      `model.json says a sample is [${declared.join(", ")}], the network's input is ${show(x)}`,
    );
  return declared;
}

function readOutput(
  outputs: readonly Value[],
  config: Pick<ModelConfig, "outputs">,
  x: Value,
  shape: readonly number[],
  fixedBatch: number | undefined,
): string {
  const name = config.outputs?.prediction;
  if (name === undefined && outputs.length !== 1) {
    mismatch(
      "/outputs/prediction",
      `the network has ${outputs.length} outputs, ${list(outputs)}: name the prediction in model.json`,
    );
  }
  const output = name === undefined ? outputs[0]! : find(outputs, name, "/outputs/prediction", "output");
  if (!shapeFits(output, shape)) {
    const doubled =
      output.shape[1] === 2 * shape[0]! ? "; networks that also predict a variance are not supported" : "";
    mismatch(
      "/outputs/prediction",
      `expected one sample of shape [${shape.join(", ")}] per row, the network's output is ${show(output)}${doubled}`,
    );
  }
  const rows = output.shape[0];
  if (typeof rows === "number" && rows > 0 && rows !== fixedBatch) {
    mismatch(
      "/outputs/prediction",
      `the output ${show(output)} has another number of rows than the input ${show(x)}`,
    );
  }
  if (output.type !== x.type)
    mismatch("/outputs/prediction", `the output is ${output.type} but the input "${x.name}" is ${x.type}`);
  return output.name;
}

function scalarInput(
  value: Value,
  types: readonly string[],
  fixedBatch: number | undefined,
  where: string,
): ScalarInput<string> {
  const [rows, ...rest] = value.shape;
  if (rest.some((size) => size !== 1))
    mismatch(where, `expected one number per row, the network's input is ${show(value)}`);
  if (typeof rows === "number" && rows > 0 && rows !== 1 && rows !== fixedBatch) {
    mismatch(where, `expected one number per row, the network's input is ${show(value)}`);
  }
  const shared = rows === undefined || (rows === 1 && fixedBatch !== 1);
  return { name: value.name, type: oneOf(value, types, where), shared, rank: value.shape.length };
}

function conditionInput(
  value: Value,
  condition: ConditionTable,
  fixedBatch: number | undefined,
): NetworkCondition {
  const where = conditionPointer(value.name);
  const type = oneOf(value, [...sampleTypes, ...labelTypes], where) as ConditionType;
  if (!shapeFits(value, condition.shape))
    mismatch(
      where,
      `its rows have shape [${condition.shape.join(", ")}], the network's input is ${show(value)}`,
    );
  const [rows] = value.shape;
  if (typeof rows === "number" && rows > 0 && rows !== fixedBatch)
    mismatch(where, `expected one row for every sample, the network's input is ${show(value)}`);
  return { ...condition, name: value.name, type };
}

/** Unknown sizes (names, 0 or -1) and unknown ranks (an empty shape) fit everything. */
function shapeFits(value: Value, shape: readonly number[]): boolean {
  if (value.shape.length === 0) return true;
  if (value.shape.length !== shape.length + 1) return false;
  return shape.every((size, i) => {
    const own = value.shape[i + 1];
    return typeof own !== "number" || own <= 0 || own === size;
  });
}

function isColumn(value: Value): boolean {
  return value.shape.slice(1).every((size) => size === 1);
}

function oneOf(value: Value, types: readonly string[], where: string): string {
  if (!types.includes(value.type))
    mismatch(where, `expected ${types.join(", ")}, the network's input is ${show(value)}`);
  return value.type;
}

function find(values: readonly Value[], name: string, where: string, what: string): Value {
  return (
    values.find((value) => value.name === name) ??
    mismatch(where, `the network has no ${what} "${name}"; it has ${list(values)}`)
  );
}

function show({ name, type, shape }: Value): string {
  return `"${name}" ${type}[${shape.join(", ")}]`;
}

function list(values: readonly Value[]): string {
  return values.map(show).join(", ");
}

function mismatch(where: string, message: string): never {
  throw new QuenchError("MODEL_MISMATCH", message, { where });
}
