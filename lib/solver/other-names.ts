/**
 * What our solvers are called elsewhere, by our names: k-diffusion's functions (and ComfyUI's samplers after them), and
 * diffusers' classes. Only for hints: options and defaults may differ, so no request takes these names.
 */
export const otherNames: Readonly<Record<string, readonly string[]>> = {
  ddim: ["DDIMScheduler", "FlowMatchEulerDiscreteScheduler"],
  euler: ["EulerDiscreteScheduler"],
  "edm-heun": ["heun", "HeunDiscreteScheduler"],
  dpm2: ["dpm_2", "KDPM2DiscreteScheduler"],
  "ddpm-diffusers": ["DDPMScheduler"],
  "euler-ancestral": ["euler_a", "euler_ancestral", "EulerAncestralDiscreteScheduler"],
  "dpm2-ancestral": ["dpm_2_ancestral", "dpm2_a", "KDPM2AncestralDiscreteScheduler"],
  "dpm-solver++-2s-ancestral": ["dpmpp_2s_ancestral", "dpmpp_2s_a"],
  "dpm-solver++-sde": ["dpmpp_sde"],
  "dpm-fast": ["dpm_fast"],
  "deis-tab": ["deis"],
  "deis-log-rho": ["DEISMultistepScheduler"],
  "f-pndm": ["pndm"],
  "pndm-diffusers": ["PNDMScheduler"],
  lms: ["LMSDiscreteScheduler"],
  "ipndm-v": ["ipndm_v"],
  "dpm-solver++-2m": ["dpmpp_2m", "DPMSolverMultistepScheduler"],
  "dpm-solver++-3m": ["dpmpp_3m"],
  "dpm-solver++-2s": ["dpmpp_2s"],
  "dpm-solver-23": ["dpm_adaptive"],
  "sde-dpm-solver++-2m": ["dpmpp_2m_sde"],
  "sde-dpm-solver++-3m": ["dpmpp_3m_sde"],
  "dpm-solver-single-diffusers": ["DPMSolverSinglestepScheduler"],
  unipc: ["uni_pc", "uni_pc_bh2", "UniPCMultistepScheduler"],
};

const ours = new Map(
  Object.entries(otherNames).flatMap(([name, others]) =>
    others.map((other) => [spelt(other), name] as const),
  ),
);

/** Our name of a solver that goes by another one elsewhere, however that is spelt: `DPM++ 2M`, `sample_dpmpp_2m`. */
export function ourName(name: string, known: Iterable<string>): string | undefined {
  const given = spelt(name);
  return ours.get(given) ?? [...known].find((solver) => spelt(solver) === given);
}

function spelt(name: string): string {
  return name
    .toLowerCase()
    .replaceAll("++", "pp")
    .replaceAll(/[\s-]+/g, "_")
    .replace(/^sample_|_gpu$|_karras$/g, "");
}
