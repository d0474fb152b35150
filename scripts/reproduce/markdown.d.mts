export function requireNumbers(page: string): string;
