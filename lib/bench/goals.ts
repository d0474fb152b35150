/** What a bench promises, and whether this run kept it. */
export interface Goal {
  readonly name: string;
  readonly goal: string;
  readonly value: number;
  readonly met: boolean;
}

export function atLeast(name: string, value: number, bound: number): Goal {
  return { name, goal: `≥ ${bound}`, value, met: value >= bound };
}

export function below(name: string, value: number, bound: number): Goal {
  return { name, goal: `< ${bound}`, value, met: value < bound };
}

export function atMost(name: string, value: number, bound: number): Goal {
  return { name, goal: `≤ ${bound}`, value, met: value <= bound };
}
