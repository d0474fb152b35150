export function soak(options: {
  requests: number;
  clients?: number;
  killEvery?: number;
  seed?: number;
}): Promise<{
  outcomes: Record<string, number>;
  goals: { name: string; goal: string; value: number; met: boolean }[];
}>;
