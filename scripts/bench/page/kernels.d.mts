/** The tables of `quench bench kernels --json`, by name. */
export default function tables(result: object): Record<string, string>;
