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

/** What was measured of a bundled model's presets. */
export interface OwnPresets {
  readonly hash: string;
  readonly samples: number;
  readonly columns: readonly {
    readonly nfe: number;
    /** Of the preset's file. */
    readonly sha256: string;
    /** Fréchet distance: value, low, high. */
    readonly preset: readonly number[];
    readonly rivals: readonly {
      readonly pair: string;
      readonly fd: readonly number[];
      /** Its distance less the preset's: value, low, high. */
      readonly behind: readonly number[];
    }[];
  }[];
}
export function savedOwnPresets(): Readonly<Record<string, OwnPresets>>;
