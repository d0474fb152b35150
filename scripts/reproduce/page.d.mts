export function resultsPage(): string;
