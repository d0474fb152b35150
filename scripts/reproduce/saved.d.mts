/** Saved results of a model, as far as the commands that made them follow from them. */
export interface SavedModel {
  readonly name: string;
  readonly results: { readonly samples: number };
}

export function samplesOf(model: string, samples: number): number;
export function commandsOf(models: readonly SavedModel[]): string[];
export function requireSame(
  model: string,
  wanted: { readonly hash?: string | undefined; readonly samples: number },
  options?: { readonly replace?: boolean },
): void;
