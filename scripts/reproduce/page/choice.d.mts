/** A model's saved results, as far as the page's choice looks at them. */
export interface ChoiceModel {
  readonly name: string;
  readonly metrics: readonly string[];
  readonly results: {
    readonly tables: {
      readonly choice: {
        readonly blocks: readonly {
          readonly rows: readonly {
            readonly method: string;
            readonly grid: string;
            readonly cells: readonly Readonly<Record<string, unknown>>[];
          }[];
        }[];
      };
    };
  };
}

export function leadersInWords(model: ChoiceModel): string;
