/** Runs once before all tests. */
export const setup = (): void => undefined;
