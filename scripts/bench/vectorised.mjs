// Shows for each hot loop of the kernels that vector instructions of the full width were emitted for every instruction set,
// and fails where not. Reads the objects that `npm run build:native` left, by objdump. torchNormals is not among them: it is
// there to repeat PyTorch's numbers, and its generator gives one word after the other.
//
//   node scripts/bench/vectorised.mjs
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const objects = new URL("../../build/cmake-release/CMakeFiles/kernels.dir/native/kernels/", import.meta.url);

/** What must stand in an innermost loop of each kernel. */
const loops = [
  { file: "combine", kernel: /::(Uniform|PerElement)</, arithmetic: /^v?mulp[sd]$/ },
  { file: "combine_in_turn", kernel: /::Kernel</, arithmetic: /^v?mulp[sd]$/ },
  { file: "combine_near", kernel: /::(Any|CorrectionAndProbe)/, arithmetic: /^v?mulp[sd]$/ },
  { file: "gram_column", kernel: /::Unit</, arithmetic: /^v?mulp[sd]$/ },
  { file: "gram", kernel: /::Unit</, arithmetic: /^v?(mul|fmadd\d+)p[sd]$/ },
  { file: "normals", kernel: /::Kernel<float/, arithmetic: /^v?sqrtps$/ },
  { file: "normals", kernel: /::Kernel<double/, arithmetic: /^v?sqrtpd$/ },
  { file: "normals", kernel: /::Kernel</, arithmetic: /^v?pmuludq$/ },
  { file: "clamp", kernel: /::ClampKernel</, arithmetic: /^v?(cmp\w*|max|min)p[sd]$/ },
  { file: "clamp", kernel: /::ThresholdKernel</, arithmetic: /^v?divp[sd]$/ },
  { file: "finite", kernel: /::Kernel</, arithmetic: /^v?padd[dq]$/ },
  { file: "scaled_error", kernel: /::Kernel</, arithmetic: /^v?divpd$/ },
  { file: "half", kernel: /::(Widen|Narrow),/, arithmetic: /^v?p(sll|srl|add)[dq]$/ },
];
const registers = { baseline: "xmm", avx2: "ymm", avx512: "zmm" };

function skip(reason) {
  console.log(`vector code not looked for: ${reason}`);
  process.exit();
}

if (process.arch !== "x64") skip("the instruction sets are those of x86-64");
if (!existsSync(objects)) skip("npm run build:native has not been run, or without cmake");

let failed = false;
for (const { file, kernel, arithmetic } of loops) {
  const found = Object.fromEntries(Object.keys(registers).map((set) => [set, { good: 0, bad: [] }]));
  for (const { name, set, instructions } of instancesOf(file)) {
    if (!kernel.test(name) || !found[set]) continue;
    const vector = innermostLoops(instructions).some((loop) =>
      loop.some(({ text, mnemonic }) => arithmetic.test(mnemonic) && text.includes(registers[set])),
    );
    if (vector) found[set].good++;
    else found[set].bad.push(name);
  }
  for (const [set, { good, bad }] of Object.entries(found)) {
    const fine = good > 0 && bad.length === 0;
    failed ||= !fine;
    console.log(
      `${fine ? "ok    " : "FAILED"} ${file} ${kernel.source} ${set}: ${arithmetic.source} on ${registers[set]} in ${good} of ${good + bad.length}`,
    );
    for (const name of bad) console.log(`         not in ${name}`);
  }
}
process.exitCode = failed ? 1 : 0;

/** The functions of an object that are instances for an instruction set. */
function instancesOf(file) {
  let text;
  try {
    text = execFileSync(
      "objdump",
      ["-dC", "--no-show-raw-insn", new URL(`${file}.cpp.o`, objects).pathname],
      {
        encoding: "utf8",
        maxBuffer: 2 ** 30,
      },
    );
  } catch (error) {
    if (error.code === "ENOENT") skip("there is no objdump");
    throw error;
  }
  return text.split(/\n\n/).flatMap((part) => {
    const [, name, set] = /<(.*Instances<.*>::(baseline|avx2|avx512)\(.*)>:\n/.exec(part) ?? [];
    if (!set) return [];
    const instructions = [...part.matchAll(/^\s*([0-9a-f]+):\t(\S+)(.*)$/gm)].map(
      ([, address, mnemonic, rest]) => ({
        address: Number.parseInt(address, 16),
        mnemonic,
        text: rest,
      }),
    );
    return [{ name, set, instructions }];
  });
}

/** The instructions between a jump backwards and its target, where no other such pair lies within. */
function innermostLoops(instructions) {
  const spans = instructions.flatMap(({ address, mnemonic, text }) => {
    const target = mnemonic.startsWith("j") ? Number.parseInt(text.trim(), 16) : Number.NaN;
    return target <= address ? [{ from: target, to: address }] : [];
  });
  const inner = spans.filter(
    (span) => !spans.some((other) => other !== span && other.from >= span.from && other.to <= span.to),
  );
  return inner.map(({ from, to }) => instructions.filter(({ address }) => address >= from && address <= to));
}
