/** Tells whoever reads the process's warnings that a file of finished work is of no use to what runs now, and goes. */
export function warnDiscarded(path: string): void {
  process.emitWarning(`${path} keeps the work of another command or of other options; it is discarded`, {
    code: "QUENCH_KEPT_WORK",
  });
}
